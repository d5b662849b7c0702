"""Applications and endpoints of mobile push, text messages, and data protection policies: what is kept of them.

Rules: Amazon SNS API Reference, the pages of each action; LocalStack's answers of the service, recorded in its tests of SNS.
"""

import json

from sns import ACCOUNT, NOWHERE, SNS, SnsCase, client, main, pattern, unique

CREDENTIALS = {"PlatformCredential": "secret", "PlatformPrincipal": "principal"}


class MobileCase(SnsCase):
    def application(self, name=None, platform="ADM", sns=SNS, **attributes):
        return sns.create_platform_application(Name=name or unique("a"), Platform=platform, Attributes={**CREDENTIALS, **attributes})["PlatformApplicationArn"]


class Applications(MobileCase):
    def attributes(self, arn):
        return SNS.get_platform_application_attributes(PlatformApplicationArn=arn)["Attributes"]

    def test_an_application_is_kept_without_its_secrets(self):
        name = unique("a")
        arn = self.application(name)
        self.assertEqual(f"arn:aws:sns:us-east-1:{ACCOUNT}:app/ADM/{name}", arn)
        self.assertEqual({"Enabled": "true"}, self.attributes(arn))
        SNS.set_platform_application_attributes(PlatformApplicationArn=arn, Attributes={"SuccessFeedbackSampleRate": "50"})
        self.assertEqual({"Enabled": "true", "SuccessFeedbackSampleRate": "50"}, self.attributes(arn))
        SNS.delete_platform_application(PlatformApplicationArn=arn)
        SNS.delete_platform_application(PlatformApplicationArn=arn)
        with self.refused("NotFound", "PlatformApplication does not exist", 404):
            self.attributes(arn)

    def test_what_can_not_be_is_refused(self):
        for text, request in (
            ("Invalid parameter:  Reason: cannot be empty", {"Name": ""}),
            (f"Invalid parameter: {'a' * 257} Reason: must be at most 256 characters long", {"Name": "a" * 257}),
            ("Invalid parameter: @name Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'", {"Name": "@name"}),
            ("Invalid parameter: Platform Reason: AAA is not supported", {"Platform": "AAA"}),
            ("Invalid parameter: Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential", {"Attributes": {"PlatformPrincipal": "p"}}),
            ("Invalid parameter: Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal", {"Attributes": {"PlatformCredential": "c"}}),
            ("Invalid parameter: Attributes Reason: Invalid attribute name: Nothing", {"Attributes": {**CREDENTIALS, "Nothing": "x"}}),
        ):
            with self.subTest(text), self.invalid(text):
                SNS.create_platform_application(**{"Name": "name", "Platform": "ADM", "Attributes": CREDENTIALS, **request})
        with self.refused("ValidationError", "1 validation error detected: Value null at 'attributes' failed to satisfy constraint: Member must not be null"):
            SNS.create_platform_application(Name="name", Platform="ADM")
        with self.invalid("Invalid parameter: PlatformApplicationArn Reason: An ARN must have at least 6 elements, not 1"):
            self.attributes("x")

    def test_lists_have_pages_of_a_hundred(self):
        sns = client("sns", aws_access_key_id="444444444444", aws_secret_access_key="x")
        arns = sorted(self.application(f"a{number:03}", sns=sns) for number in range(101))
        found, pages = self.pages(sns.list_platform_applications, "PlatformApplications")
        self.assertEqual((arns, 2), ([one["PlatformApplicationArn"] for one in found], pages))
        self.assertEqual({"Enabled": "true"}, found[0]["Attributes"])


class Endpoints(MobileCase):
    def endpoint(self, application, token="token", **request):
        return SNS.create_platform_endpoint(PlatformApplicationArn=application, Token=token, **request)["EndpointArn"]

    def test_an_endpoint_is_kept(self):
        application = self.application()
        arn = self.endpoint(application, CustomUserData="data")
        self.assertRegex(arn, "^" + application.replace(":app/", ":endpoint/") + "/[0-9a-f-]{36}$")
        expected = {"Enabled": "true", "Token": "token", "CustomUserData": "data"}
        self.assertEqual(expected, SNS.get_endpoint_attributes(EndpointArn=arn)["Attributes"])
        self.assertEqual([{"EndpointArn": arn, "Attributes": expected}], SNS.list_endpoints_by_platform_application(PlatformApplicationArn=application)["Endpoints"])
        SNS.delete_endpoint(EndpointArn=arn)
        SNS.delete_endpoint(EndpointArn=arn)
        with self.refused("NotFound", "Endpoint does not exist", 404):
            SNS.get_endpoint_attributes(EndpointArn=arn)
        self.assertNotEqual(arn, self.endpoint(application))

    def test_a_token_is_of_one_endpoint(self):
        application = self.application()
        arn = self.endpoint(application, CustomUserData="data")
        self.assertEqual(arn, self.endpoint(application, CustomUserData="data"))
        self.assertEqual(arn, self.endpoint(application))
        with self.invalid(f"Invalid parameter: Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."):
            self.endpoint(application, CustomUserData="other")
        other = self.endpoint(application, "other")
        with self.invalid(pattern("^Invalid parameter: Token Reason: ")):
            SNS.set_endpoint_attributes(EndpointArn=other, Attributes={"Token": "token"})
        SNS.set_endpoint_attributes(EndpointArn=other, Attributes={"Token": "moved"})
        self.assertEqual(other, self.endpoint(application, "moved"))
        self.assertNotEqual(other, self.endpoint(application, "other"))

    def test_what_can_not_be_is_refused(self):
        application = self.application()
        arn = self.endpoint(application)
        for text, attributes in (
            ("Invalid parameter: Attributes Reason: Invalid attribute name: PlatformPrincipal", {"PlatformPrincipal": "x"}),
            ("Invalid parameter: Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding", {"CustomUserData": "d" * 2049}),
        ):
            with self.subTest(text), self.invalid(text):
                SNS.set_endpoint_attributes(EndpointArn=arn, Attributes=attributes)
        SNS.set_endpoint_attributes(EndpointArn=arn, Attributes={"CustomUserData": "d" * 2048})
        with self.invalid("Invalid parameter: EndpointArn Reason: Wrong number of slashes in relative portion of the ARN."):
            SNS.set_endpoint_attributes(EndpointArn=NOWHERE, Attributes={"Enabled": "true"})
        with self.refused("NotFound", "Endpoint does not exist", 404):
            SNS.set_endpoint_attributes(EndpointArn=arn[:-1] + ("0" if arn[-1] != "0" else "1"), Attributes={"Enabled": "true"})
        with self.refused("NotFound", "PlatformApplication does not exist", 404):
            self.endpoint(application + "x")

    def test_nothing_is_published_to_an_endpoint_alone(self):
        application = self.application()
        arn = self.endpoint(application)
        with self.invalid(pattern("^Invalid parameter: TargetArn Reason: This server ")):
            SNS.publish(TargetArn=arn, Message="m")
        SNS.set_endpoint_attributes(EndpointArn=arn, Attributes={"Enabled": "false"})
        with self.refused("EndpointDisabled", "Endpoint is disabled"):
            SNS.publish(TargetArn=arn, Message="m")
        SNS.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={"Enabled": "false"})
        with self.refused("PlatformApplicationDisabled"):
            SNS.publish(TargetArn=arn, Message="m")
        SNS.delete_platform_application(PlatformApplicationArn=application)
        with self.invalid("Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified"):
            SNS.publish(TargetArn=arn, Message="m")


class TextMessages(SnsCase):
    def test_settings_are_kept(self):
        sns = client("sns", aws_access_key_id="333333333333", aws_secret_access_key="x")
        self.assertEqual({"MonthlySpendLimit": "1"}, sns.get_sms_attributes()["attributes"])
        sns.set_sms_attributes(attributes={"DefaultSMSType": "Promotional", "DefaultSenderID": "LSTest", "DeliveryStatusSuccessSamplingRate": "100"})
        self.assertEqual({"DefaultSMSType": "Promotional", "DefaultSenderID": "LSTest"}, sns.get_sms_attributes(attributes=["DefaultSMSType", "DefaultSenderID"])["attributes"])
        self.assertEqual(4, len(sns.get_sms_attributes()["attributes"]))

    def test_settings_that_can_not_be(self):
        for text, attributes in (
            ("InvalidAttribute is not a valid attribute", {"InvalidAttribute": "x"}),
            ("DefaultSendID is not a valid attribute", {"DefaultSenderID": "TooLongForAnId"}),
            ("DefaultSendID is not a valid attribute", {"DefaultSenderID": "111"}),
            ("DefaultSMSType is invalid", {"DefaultSMSType": "x"}),
            ("DeliveryStatusSuccessSamplingRate is invalid", {"DeliveryStatusSuccessSamplingRate": "101"}),
        ):
            with self.subTest(text), self.invalid(text):
                SNS.set_sms_attributes(attributes=attributes)

    def test_nobody_has_opted_out(self):
        self.assertFalse(SNS.check_if_phone_number_is_opted_out(phoneNumber="+15551234567")["isOptedOut"])
        self.assertEqual([], SNS.list_phone_numbers_opted_out()["phoneNumbers"])
        SNS.opt_in_phone_number(phoneNumber="+15551234567")
        for call in (lambda: SNS.opt_in_phone_number(phoneNumber="x"), lambda: SNS.check_if_phone_number_is_opted_out(phoneNumber="x")):
            with self.invalid("Invalid parameter: PhoneNumber Reason: input incorrectly formatted"):
                call()

    def test_numbers_of_the_sandbox(self):
        sns = client("sns", aws_access_key_id="333333333334", aws_secret_access_key="x")
        self.assertFalse(sns.get_sms_sandbox_account_status()["IsInSandbox"])
        self.assertEqual([], sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"])
        for number in range(10):
            sns.create_sms_sandbox_phone_number(PhoneNumber=f"+1555123456{number}", LanguageCode="de-DE")
        with self.refused("UserError"):
            sns.create_sms_sandbox_phone_number(PhoneNumber="+15551234570")
        self.assertEqual([{"PhoneNumber": "+15551234560", "Status": "Pending"}], sns.list_sms_sandbox_phone_numbers(MaxResults=1)["PhoneNumbers"])
        with self.refused("Verification"):
            sns.verify_sms_sandbox_phone_number(PhoneNumber="+15551234560", OneTimePassword="none")
        with self.refused("ResourceNotFound", status=404):
            sns.verify_sms_sandbox_phone_number(PhoneNumber="+15551234570", OneTimePassword="123456")
        sns.delete_sms_sandbox_phone_number(PhoneNumber="+15551234560")
        with self.refused("ResourceNotFound", status=404):
            sns.delete_sms_sandbox_phone_number(PhoneNumber="+15551234560")
        with self.refused("ValidationError"):
            sns.create_sms_sandbox_phone_number(PhoneNumber="+15551234560", LanguageCode="xx")

    def test_origination_numbers(self):
        self.assertEqual([], SNS.list_origination_numbers(MaxResults=30)["PhoneNumbers"])
        for most in (0, 31):
            with self.refused("ValidationError"):
                SNS.list_origination_numbers(MaxResults=most)

    def test_a_number_alone_gets_nothing(self):
        with self.invalid("Invalid parameter: PhoneNumber Reason: +1a234 is not valid to publish to"):
            SNS.publish(PhoneNumber="+1a234", Message="m")
        with self.invalid(pattern("^Invalid parameter: PhoneNumber Reason: This server ")):
            SNS.publish(PhoneNumber="+15551234567", Message="m")


class DataProtection(SnsCase):
    POLICY = {
        "Name": "data_protection_policy", "Description": "Test", "Version": "2021-06-01", "Statement": [{
            "Sid": "s", "DataDirection": "Inbound", "Principal": ["*"], "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"], "Operation": {"Deny": {}}}]}

    def policy(self, topic):
        return SNS.get_data_protection_policy(ResourceArn=topic).get("DataProtectionPolicy")

    def test_a_policy_is_kept_with_its_topic(self):
        topic, text = self.topic(), json.dumps(self.POLICY)
        self.assertFalse(self.policy(topic))
        SNS.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=text)
        self.assertEqual(text, self.policy(topic))
        SNS.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy="")
        self.assertFalse(self.policy(topic))
        SNS.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=text)
        SNS.delete_topic(TopicArn=topic)
        self.assertFalse(self.policy(self.topic(topic.rsplit(":", 1)[1])))

    def test_a_topic_may_be_made_with_one(self):
        text = json.dumps(self.POLICY)
        self.assertEqual(text, self.policy(SNS.create_topic(Name=unique("t"), DataProtectionPolicy=text)["TopicArn"]))
        with self.invalid(pattern("^Invalid parameter: DataProtectionPolicy Reason: ")):
            SNS.create_topic(Name=unique("t"), DataProtectionPolicy="{}")

    def test_policies_that_can_not_be(self):
        topic = self.topic()
        for change in ({"Version": "2012-10-17"}, {"Name": ""}, {"Statement": []}, {"Statement": [{}]}, {"Statement": [{**self.POLICY["Statement"][0], "Operation": {"Allow": {}}}]}):
            with self.subTest(change), self.invalid(pattern("^Invalid parameter: DataProtectionPolicy Reason: ")):
                SNS.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=json.dumps({**self.POLICY, **change}))
        with self.no_topic():
            self.policy(NOWHERE)


if __name__ == "__main__":
    main()
