/** All ways in which a secret turns up in a text besides its own: in base64, in a URL, in JSON. */
export function codedForms(values: readonly string[]): string[] {
  const base64 = base64Forms(values.map(asBytes));
  const urlSafe = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  return [...new Set([...base64, ...urlSafe, ...values.flatMap(escapedForms)])];
}

/** Percent-encoded, and as JSON writes it, also within a text that is itself in JSON. */
export function escapedForms(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1);
  const forms = [once, JSON.stringify(once).slice(1, -1)];
  try {
    const percent = encodeURIComponent(value);
    forms.push(
      percent,
      percent.replaceAll("%20", "+"),
      percent.replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase()),
    );
  } catch {
    // A lone surrogate cannot be percent-encoded.
  }
  return forms;
}

/**
 * As each of some bytes stand in the base64 of any longer text: at each of the three places in a group of three bytes, without the letters that
 * depend on their neighbours. All in one call, for a call costs more than what it does.
 */
export function base64Forms(bytes: readonly string[]): string[] {
  const row = `${bytes.join(" ")}     `;
  const rowLength = row.length - (row.length % 3);
  const rows = [row.slice(0, rowLength), ` ${row}`.slice(0, rowLength), `  ${row}`.slice(0, rowLength)];
  const encoded = Buffer.from(rows.join(""), "latin1").toString("base64");
  const forms: string[] = [];
  for (let shift = 0; shift < 3; shift++) {
    let at = shift * rowLength + shift;
    for (const text of bytes) {
      forms.push(encoded.slice(Math.ceil((at * 4) / 3), Math.floor(((at + text.length) * 4) / 3)));
      at += text.length + 1;
    }
  }
  return forms;
}

/** UTF-8, one character a byte. */
export function asBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
