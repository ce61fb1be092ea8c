import { environmentFor } from "../../../../credentials/secret-program.ts";
import type { Broker } from "../../../../broker.ts";
import type { AuthProfile } from "../../../../credentials/profile.ts";
import { OWN_SERVICE, referenceText } from "../../../../credentials/reference.ts";
import { expected } from "../../../../kernel/errors.ts";
import type { KeychainRow } from "./logout-report.ts";

export interface KeychainRemoval {
  readonly broker: Broker;
  /** `own`: what this program put there. `any`: whoever did. */
  readonly which: "own" | "any";
  readonly mode: "attended" | "unattended";
  /** Accounts that stay; an entry that one of them refers to stays as well. */
  readonly staying: readonly AuthProfile[];
}

/** After the account is gone from the store: the secret in the keychain. A keychain that fails is told, and undoes nothing. */
export async function removeKeychainEntry({ reference }: AuthProfile, { broker, which, mode, staying }: KeychainRemoval): Promise<KeychainRow | null> {
  if (reference?.kind !== "keyring") return null;
  const text = referenceText(reference);
  const other = staying.find((profile) => profile.reference !== undefined && referenceText(profile.reference) === text);
  if (other !== undefined) return { outcome: "left", detail: `${other.id} refers to it as well` };
  if (which === "own" && reference.service !== OWN_SERVICE)
    return { outcome: "left", detail: "this program did not put it there; --keychain removes it all the same" };
  const { removeFromKeyring } = await import("../../../../credentials/keyring.ts");
  try {
    return {
      outcome: removeFromKeyring(
        { host: broker.host, env: environmentFor({ host: broker.host, withheld: broker.registry().variables }), isInteractive: mode === "attended" },
        reference,
      ),
      detail: null,
    };
  } catch (thrown) {
    const { message, hint } = expected(thrown);
    return { outcome: "failed", detail: `${message}. ${hint}` };
  }
}
