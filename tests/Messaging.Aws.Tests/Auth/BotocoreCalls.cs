using Messaging.TestKit.Signing;

namespace Messaging.Aws.Tests.Auth;

/// <summary>
/// Requests and what botocore 1.29.27, which the AWS CLI and boto3 sign with, made of them at 2015-08-30 12:36:00 with the key below. Facts: not to be
/// made again by our own code.
/// </summary>
internal static class BotocoreCalls
{
    public const string KeyId = "AKIDEXAMPLE0000001";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    public static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    public static IReadOnlyDictionary<string, SignedCall> All { get; } = new Dictionary<string, SignedCall>
    {
        ["a call in JSON"] = new("POST", "/",
            [
                new("Content-Type", "application/x-amz-json-1.0"),
                new("X-Amz-Target", "AmazonSQS.SendMessage"),
                new("X-Amzn-Query-Mode", "true"),
                new("User-Agent", "Boto3/1.0"),
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode, Signature=454b37215ce7ea14116dafc26b40b3f74c5e3b7987e95bcbcada00192119467f"),
                new("Host", "127.0.0.1:9324"),
            ],
            "{\"QueueUrl\":\"http://127.0.0.1:9324/000000000000/q\",\"MessageBody\":\"hello\"}"),
        ["a call in JSON without a body"] = new("POST", "/",
            [
                new("Content-Type", "application/x-amz-json-1.0"),
                new("X-Amz-Target", "AmazonSQS.SendMessage"),
                new("X-Amzn-Query-Mode", "true"),
                new("User-Agent", "Boto3/1.0"),
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode, Signature=632fe04b2be86f29d7267859601d0c0a1b732a97a86cf4d3e1be970981fa5cab"),
                new("Host", "127.0.0.1:9324"),
            ],
            ""),
        ["a form to the path of a queue"] = new("POST", "/000000000000/orders.fifo",
            [
                new("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=831de076be28dbda0f4f38600e76dcd48a50a84f8e8578706c74ceaeb84e0c24"),
                new("Host", "127.0.0.1:9324"),
            ],
            "Action=SendMessage&Version=2012-11-05&MessageBody=a%20b"),
        ["a query in the URI"] = new("GET", "/?Version=2012-11-05&Action=ListQueues&QueueNamePrefix=a%2Fb%20c",
            [
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=c279259cacd749ce013b67e5e2db1bd503781384acd6be3cad1cc087ae0b4027"),
                new("Host", "127.0.0.1:9324"),
            ],
            ""),
        ["names in the query that sort before the equals sign"] = new("GET", "/?a-b=1&a=2&a=1&B=%C3%A4&c=",
            [
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=e65b78a59200a6505f2d43510ca02b7474a657edef442608a12bc0e3bd830a89"),
                new("Host", "127.0.0.1:9324"),
            ],
            ""),
        ["a path with spaces and letters beyond ASCII"] = new("POST", "/000000000000/my%20queue%C3%A4",
            [
                new("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=c7cdc060026525d0608264abdd218ded0af6fd130aa7d4c5eb35a1b091559ee5"),
                new("Host", "127.0.0.1:9324"),
            ],
            "Action=PurgeQueue"),
        ["a path with dots and empty segments"] = new("POST", "//000000000000/./a/../q/",
            [
                new("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=7dd473cb7d4a9d6e321f0730630cbbabdd0dea27f9533d37485e0e27e4f93569"),
                new("Host", "127.0.0.1:9324"),
            ],
            "Action=PurgeQueue"),
        ["a path with characters that need no encoding elsewhere"] = new("GET", "/a:b@c!$&'()*+,;=d~_.-",
            [
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=b8113bab74fbc44892d13677bde465893ee085282a3233a0c456c7b6e6710ea8"),
                new("Host", "127.0.0.1:9324"),
            ],
            ""),
        ["values with spaces"] = new("POST", "/",
            [
                new("Content-Type", "application/x-amz-json-1.0"),
                new("X-Amz-Target", "AmazonSQS.SendMessage"),
                new("X-Amzn-Query-Mode", "true"),
                new("User-Agent", "Boto3/1.0"),
                new("X-Custom", "  a   b  c "),
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode;x-custom, Signature=9c7048e28a837cfac20c2bc40ecf8247a102b7406a22a7fa908e982766c757c6"),
                new("Host", "127.0.0.1:9324"),
            ],
            "{}"),
        ["a host name with a port and a region of its own"] = new("POST", "/",
            [
                new("Content-Type", "application/x-amz-json-1.0"),
                new("X-Amz-Target", "AmazonSQS.SendMessage"),
                new("X-Amzn-Query-Mode", "true"),
                new("User-Agent", "Boto3/1.0"),
                new("X-Amz-Date", "20150830T123600Z"),
                new("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE0000001/20150830/eu-central-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode, Signature=401c71a7d4770d197d97fb8f923830504c5bc84d296ecd43f59bb4db6ae983ee"),
                new("Host", "sqs.eu-central-1.localhost:4566"),
            ],
            "{\"Ä\":\"ü\"}"),
        ["presigned"] = new("GET", "/?Action=ListQueues&Version=2012-11-05&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE0000001%2F20150830%2Fus-east-1%2Fsqs%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=3abd6e5898545886c7cf6ab3e898ba97f5836152424fa73bc6910eeeb4a1acc4",
            [
                new("Host", "127.0.0.1:9324"),
            ],
            ""),
        ["presigned to the path of a queue"] = new("GET", "/000000000000/q?Action=SendMessage&MessageBody=a%2Bb%26c%3Dd&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE0000001%2F20150830%2Fus-east-1%2Fsqs%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature=b1d8a631597dc4df30bb2b873cf88ae1c370a2b92a979ad366af327a08dbc2ca",
            [
                new("Host", "127.0.0.1:9324"),
            ],
            ""),
        ["presigned with a body that went into the query"] = new("POST", "/000000000000/q?Action=SendMessage&MessageBody=h%20w&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE0000001%2F20150830%2Fus-east-1%2Fsqs%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=3d595b8c0b0f7dc34d71cefef49f3853a889d9d79343824f81e94ea0dfc51d13",
            [
                new("Host", "127.0.0.1:9324"),
            ],
            ""),
    };
}
