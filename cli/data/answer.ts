// Owns `tributaryd data answer`: whatever is demanded of a datanet's segments, shown from the texts that this home keeps. What is shown
// is segments.ts's.
import type { Command } from "commander";
import { openingOf } from "../../modules/datanet/segment-input.ts";
import { nodeHasher } from "../../node/crypto.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { packAny } from "../../proto/codec.ts";
import { SegmentPart, SegmentStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { draftTx, sendTx } from "../contribute/submit.ts";
import { txOptions, withOptions } from "../options.ts";
import { notice, printData } from "../output.ts";
import { Settings } from "../settings.ts";
import { type Signer, signerOf } from "../tx/build.ts";
import type { Any } from "../tx/transaction.ts";
import { type Source, sealedInput, sourceOf } from "./segments.ts";

type Demand = Messages["tributary.datanet.v1.Demand"];

/** Answers in one transaction: each shows two chunks at most, with their hashes. */
const answersPerTx = 16;
/** Rows of one page. No more demands than this wait about one segment. */
const rowsPerPage = 100n;

/** Adds the command that answers demands. */
export function addAnswerCommand(data: Command): void {
  withOptions(
    data
      .command("answer")
      .description("Answer all that is demanded of a datanet's segments, from the texts kept here")
      .argument("<datanet>", "The datanet, by name or number"),
    txOptions(),
  ).action(async (name: string, _options: unknown, made: Command) => {
    const settings = new Settings(made);
    const source = await sourceOf(settings, name);
    const signer = await signerOf(settings);
    const sender = { settings, client: source.client, signer, feeGranter: undefined };
    const answers = await answersOf(source, signer);
    const sent: { demands: number; height: string; tx_hash: string }[] = [];
    for (let at = 0; at < answers.length; at += answersPerTx) {
      const messages = answers.slice(at, at + answersPerTx);
      const { hash, height } = await sendTx(sender, (await draftTx(sender, messages)).tx);
      sent.push({ demands: messages.length, height: height.toString(), tx_hash: hash });
    }
    printData(sent, settings.output());
  });
}

/** An answer to every demand about a segment that can still fall. Those that the texts here cannot answer are told and left. */
async function answersOf(source: Source, { address }: Signer): Promise<readonly Any[]> {
  const answers: Any[] = [];
  for (const index of await sealedSegments(source)) {
    const demands = await demandsOf(source, index);
    if (demands.length === 0) continue;
    const { segment, input } = await sealedInput(source, index);
    const isKept = {
      [SegmentPart.SEGMENT_PART_TEXT]: equalBytes(input.textRoot, segment.textRoot),
      [SegmentPart.SEGMENT_PART_INDEX]: equalBytes(input.indexRoot, segment.indexRoot),
    } as Readonly<Record<number, boolean>>;
    for (const { id, part, offset } of demands) {
      if (isKept[part] !== true) {
        notice(`demand ${id} cannot be answered: what was sealed as segment ${index} is not what the texts here say`);
        continue;
      }
      const bytes = part === SegmentPart.SEGMENT_PART_TEXT ? input.text : input.index;
      const opening = openingOf(bytes, Number(offset), 1, nodeHasher());
      answers.push(packAny("tributary.datanet.v1.MsgAnswerDemand", { answerer: address, demandId: id, opening }));
    }
  }
  return answers;
}

/** The segments that can still fall, the newest first: behind a whole page without one there are none. */
async function sealedSegments({ client, datanet }: Source): Promise<readonly bigint[]> {
  const sealed: bigint[] = [];
  for (let key: Uint8Array = new Uint8Array(); ; ) {
    const { segments, pagination } = await client.query(
      "/tributary.datanet.v1.Query/Segments",
      "tributary.datanet.v1.QuerySegmentsRequest",
      "tributary.datanet.v1.QuerySegmentsResponse",
      { datanetId: datanet.id, pagination: { key, limit: rowsPerPage, reverse: true } },
    );
    const open = segments.filter(({ status }) => status === SegmentStatus.SEGMENT_STATUS_SEALED);
    sealed.push(...open.map(({ index }) => index));
    key = pagination?.nextKey ?? new Uint8Array();
    if (open.length === 0 || key.length === 0) return sealed;
  }
}

async function demandsOf({ client, datanet }: Source, segment: bigint): Promise<readonly Demand[]> {
  const { demands } = await client.query(
    "/tributary.datanet.v1.Query/Demands",
    "tributary.datanet.v1.QueryDemandsRequest",
    "tributary.datanet.v1.QueryDemandsResponse",
    { datanetId: datanet.id, segment, pagination: { limit: rowsPerPage } },
  );
  return demands;
}
