// Bytes as lower-case hex by the host's own means: map keys of the simulator, of which there are very many.

export function nativeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
