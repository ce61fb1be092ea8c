/** An answer that broke off behind its beginning: the vendor's doing, or the client's, and no fault of this program. `cause` is what was thrown. */
export class AnswerCut extends Error {
  override readonly name = "AnswerCut";

  constructor(cause: unknown) {
    super("the answer broke off", { cause });
  }
}
