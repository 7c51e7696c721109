// The largest numbers in the neighbourhoods of a picture's cells.

/**
 * Of each number the largest among those in `size` rows around it, in place; beyond the borders the rows are mirrored.
 * A row has `width` numbers; `work` has room for size - 1 rows more than there are, and three numbers.
 */
export function largestOfRows(cells: i32, rows: i32, width: i32, size: i32, work: i32): void {
  const bytes = width << 2;
  const all = rows + size - 1;
  for (let row = 0; row < all; row++) {
    let place = (((row - (size >> 1)) % (2 * rows)) + 2 * rows) % (2 * rows);
    if (place >= rows) place = 2 * rows - 1 - place;
    memory.copy(work + row * bytes, cells + place * bytes, bytes);
  }
  // The largest of 2, of 4, of 8 ... rows from each on; two of these, which may overlap, are as many as are wanted.
  let span = 1;
  for (; 2 * span <= size; span *= 2) larger(work, span * bytes, (all - span) * bytes);
  larger(work, (size - span) * bytes, rows * bytes);
  memory.copy(cells, work, rows * bytes);
}

/** The larger of each number and the one that lies so much further. */
// @ts-ignore: a decorator
@inline
function larger(numbers: i32, further: i32, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16) {
    v128.store(numbers + i, f32x4.pmax(v128.load(numbers + i), v128.load(numbers + i + further)));
  }
}
