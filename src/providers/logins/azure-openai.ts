import { defineLogins, type LoginClient } from "../../provider/login-method.ts";

const ENTRA = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0";
/** `.default` goes together with the scopes of OpenID Connect, and with no others. */
const SCOPES = ["https://cognitiveservices.azure.com/.default", "offline_access", "openid", "profile", "email"];

const client: LoginClient = {
  kind: "own",
  howTo:
    'Register an application in your directory: platform "Mobile and desktop" with the redirect http://localhost/callback, and public client flows allowed. Give its id, and the tenant\'s.',
  page: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
};

export const azureOpenaiLogins = defineLogins([
  {
    id: "az",
    label: "Azure CLI",
    licence: "delegate-binary",
    flow: { kind: "delegate", program: "az", loginArguments: ["login"], checkArguments: ["account", "show", "--output", "none"] },
    source: { url: "https://learn.microsoft.com/en-us/cli/azure/authenticate-azure-cli-interactively", checkedOn: "2026-11-21" },
  },
  {
    id: "device",
    label: "Device code, with your own application",
    licence: "own-client",
    flow: { kind: "device-code", deviceUrl: `${ENTRA}/devicecode`, tokenUrl: `${ENTRA}/token`, client, scopes: SCOPES },
    source: { url: "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code", checkedOn: "2026-11-21" },
  },
  {
    id: "browser",
    label: "Browser, with your own application",
    licence: "own-client",
    flow: {
      kind: "authorization-code",
      authorizeUrl: `${ENTRA}/authorize`,
      tokenUrl: `${ENTRA}/token`,
      client,
      scopes: SCOPES,
      redirect: { host: "localhost", path: "/callback" },
    },
    source: { url: "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow", checkedOn: "2026-11-21" },
  },
]);
