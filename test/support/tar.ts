/** One entry of an archive as an attacker may write it. */
export interface TarEntry {
  readonly name: string;
  readonly text?: string;
  /** `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder, `x` pax, `L` a long name of GNU. */
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  /** What the header says, whatever follows. */
  readonly statedBytes?: number;
}

/** An archive of the ustar format. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(1024)]);
}

function blocks({ name, text = "", type = "0", link = "", mode = 0o644, statedBytes }: TarEntry): Buffer[] {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
  header.write(`${(statedBytes ?? content.length).toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
