import { defineLogins } from "../../provider/login-method.ts";

export const amazonBedrockLogins = defineLogins([
  {
    id: "aws",
    label: "AWS CLI",
    licence: "delegate-binary",
    flow: { kind: "delegate", program: "aws", loginArguments: ["sso", "login"], checkArguments: ["sts", "get-caller-identity", "--output", "text"] },
    source: { url: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html", checkedOn: "2026-11-21" },
  },
]);
