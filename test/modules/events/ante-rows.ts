/** What a transaction emits before its messages run, and what is left of it when they do not. Owns rows of the table only. */
import { base64 } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import { ChainHarness, type MessageToSend, type TxOptions } from "../../support/chain-harness.ts";
import { type EventRow, moduleOf, ofMessage, sent, type Told, toldOf } from "../../support/told-events.ts";

const FEE = "x/auth/ante/fee.go";
const SIGNATURES = "x/auth/ante/sigverify.go";
const BASEAPP = "baseapp/baseapp.go";

const funded = () => ChainHarness.start({ balances: { alice: "1000uopen", bob: "500uopen" } });

const sendOf = (chain: ChainHarness, from: string, to: string, amount = "1"): MessageToSend => [
  "cosmos.bank.v1beta1.MsgSend",
  { fromAddress: chain.address(from), toAddress: chain.address(to), amount: [{ denom: "uopen", amount }] },
];

const signaturesOf = (tx: Uint8Array): readonly string[] =>
  decode("cosmos.tx.v1beta1.TxRaw", tx).signatures.map((signature) => base64(signature));

/** What every transaction with one signer tells, whatever it pays. */
const signed = (address: string, sequence: number, signature: string): Told[] => [
  ["tx", `acc_seq=${address}/${sequence}`],
  ["tx", `signature=${signature}`],
];

const paid = (fee: string, payer: string): Told => ["tx", `fee=${fee}`, `fee_payer=${payer}`];

/** Runs alice's transfer and gives what it told, with the texts that rows need. */
function transfer(options: TxOptions, chain = funded(), messages = [sendOf(chain, "alice", "bob")]) {
  const tx = chain.sign("alice", messages, options);
  const [result] = chain.block([tx]);
  const [alice, bob] = [chain.address("alice"), chain.address("bob")];
  const [signature = ""] = signaturesOf(tx);
  return { chain, tx, result: result!, alice, bob, signature, told: toldOf(result!.events) };
}

export const anteRows: readonly EventRow[] = [
  {
    when: "a transaction pays its fee and sends",
    source: `${FEE}, ${SIGNATURES}, ${BASEAPP}`,
    run: () => {
      const { chain, told, alice, bob, signature } = transfer({ fee: "7uopen" });
      const message = ofMessage("/cosmos.bank.v1beta1.MsgSend", alice, "bank", sent(alice, bob, "1uopen"));
      const fee = sent(alice, moduleOf(chain, "fee_collector"), "7uopen");
      return { told, expected: [...fee, paid("7uopen", alice), ...signed(alice, 0, signature), ...message] };
    },
  },
  {
    when: "a transaction pays nothing and has two messages",
    source: `${FEE}, ${BASEAPP}`,
    run: () => {
      const chain = funded();
      const messages = [sendOf(chain, "alice", "bob"), sendOf(chain, "alice", "carol", "2")];
      const { told, alice, bob, signature } = transfer({}, chain, messages);
      const typeUrl = "/cosmos.bank.v1beta1.MsgSend";
      const first = ofMessage(typeUrl, alice, "bank", sent(alice, bob, "1uopen"));
      const second = ofMessage(typeUrl, alice, "bank", sent(alice, chain.address("carol"), "2uopen"), 1);
      return { told, expected: [paid("", alice), ...signed(alice, 0, signature), ...first, ...second] };
    },
  },
  {
    when: "two accounts sign",
    source: SIGNATURES,
    run: () => {
      const chain = funded();
      chain.runOk("bob", sendOf(chain, "bob", "alice"));
      const messages = [sendOf(chain, "alice", "bob"), sendOf(chain, "bob", "alice")];
      const { tx, result, alice, bob } = transfer({ otherSigners: ["bob"] }, chain, messages);
      const [one = "", two = ""] = signaturesOf(tx);
      const told = toldOf(result.events).slice(0, 5);
      return { told, expected: [paid("", alice), ...signed(alice, 0, one), ...signed(bob, 1, two)] };
    },
  },
  {
    when: "an unordered transaction has no place among its signer's",
    source: SIGNATURES,
    run: () => {
      const chain = funded();
      const unorderedUntil = { seconds: chain.time.seconds + 60n, nanos: 0 };
      const { result, alice, signature } = transfer({ unorderedUntil }, chain);
      return { told: toldOf(result.events).slice(0, 2), expected: [paid("", alice), ["tx", `signature=${signature}`]] };
    },
  },
  {
    when: "a message is refused: what came before it remains",
    source: BASEAPP,
    run: () => {
      const chain = funded();
      const messages = [sendOf(chain, "alice", "bob"), sendOf(chain, "alice", "bob", "5000")];
      const { told, alice, signature } = transfer({ fee: "7uopen" }, chain, messages);
      const fee = sent(alice, moduleOf(chain, "fee_collector"), "7uopen");
      return { told, expected: [...fee, paid("7uopen", alice), ...signed(alice, 0, signature)] };
    },
  },
  {
    when: "a transaction is refused before its messages",
    source: BASEAPP,
    run: () => ({ told: transfer({ fee: "7uopen", sequence: 5n }).told, expected: [] }),
  },
  {
    when: "the mempool checks a transaction",
    source: "baseapp/abci.go, CheckTx; baseapp/baseapp.go, runTx",
    run: () => {
      const chain = funded();
      const { code, events } = chain.check(chain.sign("alice", [sendOf(chain, "alice", "bob")], { fee: "7uopen" }));
      if (code !== 0) throw new Error("the transaction was refused");
      return { told: toldOf(events), expected: [] };
    },
  },
  {
    when: "a transaction is only simulated: the same, and not indexed",
    source: BASEAPP,
    run: () => {
      const chain = funded();
      const txBytes = chain.sign("alice", [sendOf(chain, "alice", "bob")], { fee: "7uopen" });
      const request = encode("cosmos.tx.v1beta1.SimulateRequest", { txBytes });
      const answer = chain.abciQuery("/cosmos.tx.v1beta1.Service/Simulate", request);
      const { events = [] } = decode("cosmos.tx.v1beta1.SimulateResponse", answer.value).result ?? {};
      if (events.some(({ attributes }) => attributes.some(({ index }) => index))) throw new Error("it is indexed");
      return { told: toldOf(events), expected: toldOf(chain.block([txBytes])[0]!.events) };
    },
  },
];
