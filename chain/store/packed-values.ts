// Owns: very many values by the tree leaf they belong to, in a few arrays: an object for each would take several times the
// memory of its bytes. Does not own which leaf is whose.

/** A place is the number of a chunk and, in eights of bytes, where in it a value begins: 32 bits reach 32 GB. */
const UNIT_SHIFT = 3;
const CHUNK_SHIFT = 17;
const CHUNK_BYTES = 1 << (CHUNK_SHIFT + UNIT_SHIFT);
const UNIT_MASK = (1 << CHUNK_SHIFT) - 1;

/** Values by leaf. A leaf's later value takes the place of its earlier one, whose bytes are not used again. */
export class PackedValues {
  readonly #chunks: Uint8Array[] = [];
  /** By leaf, where its value begins; 0 for none, so the first place of all stays empty. */
  #places = new Uint32Array(1024);
  /** Where in the last chunk there is room. */
  #room = CHUNK_BYTES;

  set(leaf: number, value: Uint8Array): void {
    if (leaf >= this.#places.length) {
      const grown = new Uint32Array(Math.max(leaf + 1, this.#places.length + (this.#places.length >>> 1)));
      grown.set(this.#places);
      this.#places = grown;
    }
    // A value lies in one chunk; one that is longer than a chunk has a longer one to itself.
    if (this.#room + value.length > CHUNK_BYTES) {
      const isFirst = this.#chunks.length === 0;
      this.#room = isFirst ? 1 << UNIT_SHIFT : 0;
      this.#chunks.push(new Uint8Array(Math.max(CHUNK_BYTES, this.#room + value.length)));
    }
    const chunk = this.#chunks.length - 1;
    this.#chunks[chunk]!.set(value, this.#room);
    this.#places[leaf] = ((chunk << CHUNK_SHIFT) | (this.#room >>> UNIT_SHIFT)) >>> 0;
    this.#room += ((value.length + (1 << UNIT_SHIFT) - 1) >>> UNIT_SHIFT) << UNIT_SHIFT;
  }

  /** The value of a leaf, `length` bytes long; undefined when it was given none. */
  get(leaf: number, length: number): Uint8Array | undefined {
    const place = leaf < this.#places.length ? this.#places[leaf]! : 0;
    if (place === 0) return undefined;
    const from = (place & UNIT_MASK) << UNIT_SHIFT;
    return this.#chunks[place >>> CHUNK_SHIFT]!.subarray(from, from + length);
  }

  /** Bytes held, about. */
  get bytes(): number {
    return this.#places.byteLength + this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}
