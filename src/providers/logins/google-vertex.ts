import { defineLogins } from "../../provider/login-method.ts";

export const googleVertexLogins = defineLogins([
  {
    id: "gcloud",
    label: "Google Cloud CLI",
    licence: "delegate-binary",
    flow: { kind: "delegate", program: "gcloud", loginArguments: ["auth", "application-default", "login"], checkArguments: [] },
    source: { url: "https://cloud.google.com/docs/authentication/provide-credentials-adc", checkedOn: "2026-11-21" },
  },
]);
