import { REDACTED } from "./redact.ts";

/** What a query may say in the open; every other value in it may be a key. */
const PLAIN_PARAMETER = /^(?:api-?version|version|deployment|location|project|region)$/i;

/** An address as it may be shown: `https://user:password@host/v1?token=abc` → `https://[secret]@host/v1?token=[secret]`. Other text stays as it is. */
export function shownAddress(text: string): string {
  const scheme = /^[a-z][\w+.-]*:\/\//i.exec(text)?.[0];
  if (scheme === undefined) return text;
  const rest = text.slice(scheme.length).replace(/^[^/?#@\s]*@/, `${REDACTED}@`);
  const [place = "", ...query] = rest.split("?");
  return `${scheme}${[place, ...query.map(withoutValues)].join("?")}`;
}

/** For a report. */
export function shownBaseUrl(baseUrl: string | undefined): string | null {
  return baseUrl === undefined ? null : shownAddress(baseUrl);
}

function withoutValues(query: string): string {
  return query.replace(/([^&=#]+)(?:=([^&#]*))?/g, (whole, name: string, value: string | undefined) => {
    if (value === undefined) return REDACTED;
    return value === "" || PLAIN_PARAMETER.test(name) ? whole : `${name}=${REDACTED}`;
  });
}
