/** Expected bytes come from @cosmjs/amino, which builds the same document for wallets. */
import { makeSignDoc, serializeSignDoc } from "@cosmjs/amino";
import { toBase64 } from "@cosmjs/encoding";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitrarySignBytes } from "../../../chain/types/arbitrary-signature.ts";

test("the sign bytes are the ones CosmJS serialises for an ADR-036 document", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const signer = "trib1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5hs24ur";
      const data = toBase64(new TextEncoder().encode(text));
      const message = { type: "sign/MsgSignData", value: { signer, data } };
      const document = makeSignDoc([message], { gas: "0", amount: [] }, "", "", 0, 0);
      expect(arbitrarySignBytes(signer, text)).toEqual(serializeSignDoc(document));
    }),
  );
});
