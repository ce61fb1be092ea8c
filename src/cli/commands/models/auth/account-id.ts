import { looksSecret, secretRefused } from "../../../../config/secret-looks.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { type ProfileId, toProfileId } from "../../../../kernel/ids.ts";

/** What accounts outside the store are called. */
const RESERVED = ["env", "config", "models.json"];
const LONGEST = 128;
/** No quoting needed in any shell, in JSON, or behind the @ of a model reference; an e-mail address fits. */
const VALID = /^[a-z][\w.-]*:[\w.@+:-]+$/i;

/** The id for an account that is stored or renamed now; ids that are stored already may be anything. Throws PROFILE_ID_INVALID. */
export function newProfileId(written: string, provider: string): ProfileId {
  const id = written.trim();
  if (looksSecret(id)) throw secretRefused("PROFILE_ID_INVALID", "the id of an account");
  const example = `For example ${provider}:work.`;
  const name = id.replace(/[^\w.@+-]+/g, "-").replace(/^-+|-+$/g, "");
  if (!id.includes(":")) throw invalid(id, "has no colon: an id is <provider>:<name>", name === "" ? example : `Perhaps ${provider}:${name} is meant.`);
  if (RESERVED.includes(id.slice(0, id.indexOf(":")).toLowerCase()))
    throw invalid(id, "begins as accounts do that are not in a store", `Begin it with the provider. ${example}`);
  if (id.length > LONGEST) throw invalid(id, `is longer than ${LONGEST} characters`, example);
  if (!VALID.test(id)) throw invalid(id, "has characters that an id cannot have", `Letters, digits and _ . - + @ may follow <provider>: . ${example}`);
  return toProfileId(id);
}

function invalid(id: string, why: string, hint: string): AppError {
  return new AppError("PROFILE_ID_INVALID", `"${id.slice(0, 60)}" ${why}`, { hint });
}
