/** As it must be written in the config so that it is read as it is: no `${VAR}` in it names a variable. */
export function literalText(text: string): string {
  return text.replace(/\$(?=\{[A-Z_][A-Z0-9_]*\})/g, "$$$$");
}
