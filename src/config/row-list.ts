import type { Problem } from "../kernel/problem.ts";

/** Problems of one kind of entry. Past a limit they are counted, not listed: a damaged file must not fill the screen, or cost a second. */
export class RowList {
  readonly #rows: Problem[] = [];
  readonly #most: number;
  #further = 0;

  constructor(most = 25) {
    this.#most = most;
  }

  /** `make` is only called when the row is listed. */
  add(make: () => Problem): void {
    if (this.#rows.length < this.#most) this.#rows.push(make());
    else this.#further++;
  }

  /** The last row says how many more there are. */
  all(): Problem[] {
    const last = this.#rows.at(-1);
    if (last === undefined || this.#further === 0) return this.#rows;
    return [...this.#rows, { ...last, message: `there are ${this.#further} further rows of this kind`, hint: "Mend the ones above first." }];
  }
}
