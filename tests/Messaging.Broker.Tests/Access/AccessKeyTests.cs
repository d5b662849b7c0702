using Messaging.Broker.Access;
using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Access;

public sealed class AccessKeyTests
{
    [Theory]
    [InlineData("AKIAIOSFODNN7EXA", true)]
    [InlineData("a_b_c_d_e_f_0123", true)]
    [InlineData("AKIAIOSFODNN7EX", false)]
    [InlineData("AKIAIOSFODNN7EX-", false)]
    [InlineData("AKIAIOSFODNN7EX:", false)]
    [InlineData("AKIAIOSFODNN7EXÄ", false)]
    [InlineData("", false)]
    public void An_id_has_16_to_128_letters_digits_and_underscores(string id, bool isLegal) => Assert.Equal(isLegal, AccessKey.IsLegalId(id));

    [Theory]
    [InlineData("wJalrXUtnFEMI/K7", true)]
    [InlineData("a:b+c/d=e!f~g,hi", true)]
    [InlineData("wJalrXUtnFEMI/K", false)]
    [InlineData("wJalrXUtnFEMI K7", false)]
    [InlineData("wJalrXUtnFEMI/Kü", false)]
    public void A_secret_has_16_to_128_visible_characters(string secret, bool isLegal) => Assert.Equal(isLegal, AccessKey.IsLegalSecret(secret));

    [Fact]
    public void Both_end_at_128()
    {
        Assert.True(AccessKey.IsLegalId(new string('a', 128)) && AccessKey.IsLegalSecret(new string('a', 128)));
        Assert.False(AccessKey.IsLegalId(new string('a', 129)) || AccessKey.IsLegalSecret(new string('a', 129)));
    }

    [Fact]
    public void Its_text_is_no_secret() => Assert.Equal("AKIAIOSFODNN7EXA", $"{new AccessKey("AKIAIOSFODNN7EXA", "wJalrXUtnFEMI/K7", AccountId.Default)}");
}
