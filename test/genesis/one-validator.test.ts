// What must be refused before a testnet is made: an operator or a key that the chain knows already. What comes of it otherwise is run in test/cli/in-place-testnet.test.ts.
import { expect, test } from "vitest";
import { AddressCodec } from "../../chain/types/address.ts";
import { newGenesis } from "../../genesis/build.ts";
import { withOneValidator } from "../../genesis/one-validator.ts";
import { partsOf } from "../../genesis/state-parts.ts";
import { definitions } from "../../modules/app.ts";
import { base64 } from "../../proto/bytes.ts";
import type { JsonValue } from "../../proto/json.ts";

const addresses = new AddressCodec("trib");
const operator = new Uint8Array(20).fill(1);
const oldKey = new Uint8Array(32).fill(2);

function made(facts: { readonly operator: Uint8Array; readonly consensusKey: Uint8Array }) {
  const { app_state, ...document } = newGenesis(definitions, {
    ...{ appName: "tributaryd", appVersion: "0", chainId: "main-1", initialHeight: 7, denom: "uopen" },
    genesisTime: { seconds: 1_700_000_000n, nanos: 0 },
  });
  // Jailed and unbonded: it validates nothing now, and its key counts all the same.
  const validator = {
    operator_address: addresses.validator(operator),
    consensus_pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: base64(oldKey) },
    ...{ jailed: true, status: "BOND_STATUS_UNBONDED", tokens: "5" },
  };
  const staking = { ...(app_state.staking as object), validators: [validator] } as JsonValue;
  const genesis = { document, parts: partsOf({ ...app_state, staking }) };
  return withOneValidator(genesis, { ...facts, chainId: "local-1", funded: [], addresses });
}

test("the operator and the key of a testnet are nobody's of the chain, not even those of a validator in jail", () => {
  const fresh = { operator: new Uint8Array(20).fill(3), consensusKey: new Uint8Array(32).fill(4) };
  expect(() => made({ ...fresh, operator })).toThrow(`${addresses.validator(operator)} is a validator of this chain`);
  expect(() => made({ ...fresh, consensusKey: oldKey })).toThrow("a validator of this chain signs with that key");
  const { document } = made(fresh);
  expect([document.chain_id, document.initial_height]).toEqual(["local-1", 7]);
  expect(document.consensus.validators).toEqual([
    {
      address: expect.stringMatching(/^[0-9A-F]{40}$/),
      pub_key: { type: "tendermint/PubKeyEd25519", value: base64(fresh.consensusKey) },
      ...{ power: "900000000", name: "" },
    },
  ]);
});
