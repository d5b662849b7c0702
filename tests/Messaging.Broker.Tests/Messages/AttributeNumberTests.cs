using System.Text;
using Messaging.Broker.Messages;
using Xunit;

namespace Messaging.Broker.Tests.Messages;

public sealed class AttributeNumberTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-7")]
    [InlineData("+7.50")]
    [InlineData("1e126")]
    [InlineData("-1.5E-128")]
    [InlineData("0.00000001")]
    [InlineData("12345678901234567890123456789012345678")]
    [InlineData("1234567890123456789012345678901234567800")]
    [InlineData("0e9999")]
    public void Decimal_numbers_of_38_digits_are_numbers(string text) => Assert.True(AttributeNumber.IsValid(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("seven")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e99999")]
    [InlineData("1e127")]
    [InlineData("1e-129")]
    [InlineData("NaN")]
    [InlineData("0x10")]
    [InlineData(" 1")]
    [InlineData("123456789012345678901234567890123456789")]
    public void Everything_else_is_not(string text) => Assert.False(AttributeNumber.IsValid(Encoding.UTF8.GetBytes(text)));
}
