/** Semantic signatures: alike for texts that are alike, and the same wherever they are made. */
import { expect, test } from "vitest";
import { semanticSignature, signatureDistance } from "../../../modules/datanet/semantic-signature.ts";
import { bytesOf, words } from "../../support/datanet-world.ts";

const TEXT = words("word", 400);

test("a signature has 64 bits, and case and white space do not matter", () => {
  const signature = semanticSignature(bytesOf(TEXT));
  expect(signature).toHaveLength(8);
  expect(semanticSignature(bytesOf(TEXT.toUpperCase().replaceAll(" ", "\n\n")))).toEqual(signature);
});

test("a text with a few words changed is nearer than another text", () => {
  const near = TEXT.replace("word17 ", "changed ").replace("word250 ", "also ");
  const distance = (text: string) =>
    signatureDistance(semanticSignature(bytesOf(TEXT)), semanticSignature(bytesOf(text)));
  expect(distance(TEXT)).toBe(0);
  expect(distance(near)).toBeLessThan(8);
  expect(distance(words("unlike", 400))).toBeGreaterThan(16);
});

test("texts shorter than an n-gram, and none at all, have one too", () => {
  for (const text of ["", "a", "abc", "twelve chars"]) expect(semanticSignature(bytesOf(text))).toHaveLength(8);
});

test("distances count bits", () => {
  expect(signatureDistance(new Uint8Array(8), new Uint8Array(8).fill(255))).toBe(64);
  expect(signatureDistance(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0))).toBe(2);
});
