/** Least squares: how much `of` grows a minute. */
export function slope(rows, of) {
  const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [x, y] = [mean(rows.map(({ minute }) => minute)), mean(rows.map(of))];
  const square = rows.reduce((sum, row) => sum + (row.minute - x) ** 2, 0);
  return square === 0 ? 0 : rows.reduce((sum, row) => sum + (row.minute - x) * (of(row) - y), 0) / square;
}
