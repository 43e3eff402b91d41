// Owns `tributaryd attribution ask`: paying for a use, sending its prompt to the host, printing the answer and signing for it. Each step can be
// done again after a crash without paying twice: a use of the same user, model and prompt that is still open is gone on with.
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { Command } from "commander";
import { HostAway, HostClient, HostRefusal, type Question } from "../../attribution/asking/host-client.ts";
import { MAX_TEXT_BYTES } from "../../attribution/asking/limits.ts";
import { askText, type SignedAnswer } from "../../attribution/asking/wire.ts";
import { type AnsweredUse, acknowledgementOf, acknowledgementTextOf } from "../../attribution/batch-host.ts";
import { ChainRefusal, type ChainSession, type Party, signText } from "../../attribution/chain-session.ts";
import { coinFromMessage, coinToMessage, formatCoin, parseCoin } from "../../chain/types/coin.ts";
import { nativeMessage } from "../../client/registry.ts";
import { equalBytes, fromBase64, utf8 } from "../../proto/bytes.ts";
import { decode } from "../../proto/codec.ts";
import { UseStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError, exitCode, messageOf, usageError } from "../errors.ts";
import { option, wholeBigint, wholeNumber, withOptions } from "../options.ts";
import { notice, printUntrusted } from "../output.ts";
import { confirm } from "../prompt.ts";
import { Settings } from "../settings.ts";
import { openSigning, signingOptions } from "./passes.ts";

type Use = Messages["tributary.attribution.v1.Use"];

const defaultPatienceSeconds = 600;
const USES_PER_PAGE = 100n;
const HOSTS_LISTED = 100;

/** Adds `ask` to the attribution commands. */
export function addAskCommand(attribution: Command): void {
  withOptions(
    attribution
      .command("ask <model> [prompt]")
      .description("Pay for a use of a model, send its host the prompt, print the answer and sign for it"),
    [
      option("--from <key>", "Name or address of the user's key: it pays, and signs for the answer"),
      option("--prompt-file <file>", "Where the prompt is, if it is not an argument; - for standard input"),
      option("--host-url <url>", "Where the host takes prompts (default: what its offer on the chain says)"),
      option("--host <address>", "Who is to serve (default: who is at --host-url, else whom the chain chooses)"),
      option(
        "--max-fee <coin>",
        "The most to pay, in any token with a route of pools to the fee's; does not ask before",
      ),
      option("--max-units <count>", "The most units of the price (default: 1)").argParser(wholeBigint),
      option("--use <number>", "Go on with a use that was paid for already").argParser(wholeBigint),
      option("--wait <seconds>", "How long to wait for the answer (default: 600)").argParser(wholeNumber),
      ...signingOptions(),
    ],
  )
    .option("--again", "Pay for another use, though one with this prompt is open")
    .option("--hand-in", "Hand the receipt in to the chain, instead of giving the host the signature")
    .option("-y, --yes", "Do not ask before paying")
    .action(async (model: string, prompt: string | undefined, _options: unknown, made: Command) => {
      const settings = new Settings(made);
      const asked = { modelId: modelNumber(model), prompt: await promptOf(settings, prompt) };
      const { session, party } = await openSigning(settings);
      try {
        await new Asker(settings, session, party).ask(asked);
      } finally {
        session.disconnect();
      }
    });
}

interface Asked {
  readonly modelId: bigint;
  readonly prompt: Uint8Array;
}

/** A host, and where it is. */
interface Found {
  readonly at: HostClient;
  readonly host: string;
}

/** A user who asks. */
class Asker {
  readonly #settings: Settings;
  readonly #session: ChainSession;
  readonly #party: Party;

  constructor(settings: Settings, session: ChainSession, party: Party) {
    this.#settings = settings;
    this.#session = session;
    this.#party = party;
  }

  async ask(asked: Asked): Promise<void> {
    const known = await this.#paidUse(asked);
    const client = await this.#hostClient(asked, known);
    const use = known ?? (await this.#open(asked, client));
    const again = `the use stays paid for: go on with --use ${use.id} until it expires, then \`tx attribution cancel-use ${use.id}\` gives the fee back`;
    const answer = await this.#answer(use, asked.prompt, client.at).catch((error: unknown) => {
      throw asCliError(error, `nothing was signed, and ${again}`);
    });
    printUntrusted(answer.output);
    const { output, units, hostSignature } = answer;
    const answered = { useId: use.id, prompt: asked.prompt, output, units };
    await this.#signFor(use, answered, hostSignature, client.at).catch((error: unknown) => {
      throw asCliError(error, `the answer above is yours, and not signed for yet: run this again with --use ${use.id}`);
    });
  }

  /** The use to go on with: the one that is named, or one with this prompt that is open. */
  async #paidUse({ modelId, prompt }: Asked): Promise<Use | undefined> {
    const promptHash = sha256(prompt);
    const named = this.#settings.bigint("use");
    if (named !== undefined) {
      const found = await this.#session.find("tributary.attribution.v1.Query/Use", { useId: named });
      if (found === undefined) throw new CliError(`there is no use ${named}`, "nothing was paid or sent");
      const isOwn = this.#isOwn(found.use);
      const isThis = found.use.modelId === modelId && equalBytes(found.use.promptHash, promptHash);
      if (!isOwn || !isThis) {
        const what = isOwn ? "was opened for another model or prompt" : "is another's";
        throw new CliError(`use ${named} ${what}`, "nothing was paid or sent");
      }
      return found.use;
    }
    if (this.#settings.isSet("again")) return undefined;
    for (let offset = 0n; ; offset += USES_PER_PAGE) {
      const pagination = { offset, limit: USES_PER_PAGE };
      const { uses } = await this.#session.query("tributary.attribution.v1.Query/OpenUses", { modelId, pagination });
      const now = await this.#session.blockTime();
      const same = uses.find(
        (use) => this.#isOwn(use) && equalBytes(use.promptHash, promptHash) && use.expiresAt > now,
      );
      if (same !== undefined) {
        notice(`use ${same.id} with this prompt is paid for and open: going on with it (--again pays for another)`);
        return same;
      }
      if (BigInt(uses.length) < USES_PER_PAGE) return undefined;
    }
  }

  /** Whether this key opened a use and signs for it. */
  #isOwn({ user, receiptKey }: Use): boolean {
    return user === this.#party.address && equalBytes(receiptKey, this.#party.publicKey);
  }

  /** Who serves, and where. Throws before anything is paid when that is not known, or somebody else is there. */
  async #hostClient({ modelId }: Asked, known: Use | undefined): Promise<Found> {
    const named = known?.host ?? this.#settings.text("host");
    const url = this.#settings.text("host-url");
    const nothing = "nothing was paid or sent";
    const host = named ?? (url === undefined ? (await this.#quote(modelId, "")).host : undefined);
    const place = url ?? (await this.#endpoint(modelId, host!));
    if (!/^https?:\/\//.test(place)) throw usageError(`${place} is no http or https address`, nothing);
    const at = new HostClient(place);
    const there = await at.name().catch((error: unknown) => {
      throw asCliError(error, nothing);
    });
    if (there.chainId !== this.#session.chainId) {
      throw new CliError(`the host at ${place} serves another chain`, nothing);
    }
    if (host !== undefined && there.host !== host) {
      throw new CliError(`${there.host} is at ${place}, not ${host}, the use's host`, nothing);
    }
    return { at, host: there.host };
  }

  /** Where a host's offer says that it is reached. */
  async #endpoint(modelId: bigint, host: string): Promise<string> {
    const { hosts } = await this.#session.query("tributary.model.v1.Query/Hosts", { modelId, limit: HOSTS_LISTED });
    const endpoint = hosts.find((one) => one.host === host)?.endpoint ?? "";
    if (endpoint === "") {
      throw usageError(`${host} would serve it, and its offer does not say where`, "give the address with --host-url");
    }
    return endpoint;
  }

  async #quote(modelId: bigint, host: string) {
    const maxFee = this.#maxFee();
    const request = { modelId, host, maxUnits: this.#maxUnits(), ...(maxFee && { maxFee }) };
    const quote = await this.#session.find("tributary.attribution.v1.Query/QuoteUse", request);
    if (quote !== undefined) return quote;
    throw new CliError(`nobody would serve model ${modelId} like that`, "nothing was paid or sent");
  }

  #maxUnits(): bigint {
    return this.#settings.bigint("max-units") ?? 1n;
  }

  #maxFee() {
    const text = this.#settings.text("max-fee");
    return text === undefined ? undefined : coinToMessage(parseCoin(text));
  }

  /** Pays for a use. From here on its number must be told whatever happens. */
  async #open({ modelId, prompt }: Asked, { at, host }: Found): Promise<Use> {
    await at.welcome(this.#party.address).catch((error: unknown) => {
      throw asCliError(error, "nothing was paid or sent");
    });
    const { fee } = await this.#quote(modelId, host);
    const maxFee = this.#maxFee();
    const question = `${host} answers for ${formatCoin(coinFromMessage(fee))}. Pay?`;
    if (maxFee === undefined && !this.#settings.isSet("yes") && !(await confirm(question))) {
      throw new CliError("nothing was paid or sent", "--max-fee or --yes pays without a question");
    }
    const fields = { user: this.#party.address, modelId, promptHash: sha256(prompt), maxFee: maxFee ?? fee };
    const message = { ...fields, maxUnits: this.#maxUnits(), host };
    const { responses } = await this.#session
      .send(this.#party, [nativeMessage("tributary.attribution.v1.MsgOpenUse", message)])
      .catch((error: unknown) => {
        const lost = "whether it was paid is not known: run the same command again, which goes on with it if it was";
        throw asCliError(error, error instanceof ChainRefusal ? "nothing was paid or sent" : lost);
      });
    const { useId } = decode("tributary.attribution.v1.MsgOpenUseResponse", responses[0]!.value);
    notice(`use ${useId} is open: ${host} answers for ${formatCoin(coinFromMessage(fee))}`);
    return (await this.#session.query("tributary.attribution.v1.Query/Use", { useId })).use;
  }

  async #answer(use: Use, prompt: Uint8Array, client: HostClient): Promise<SignedAnswer> {
    const { chainId } = this.#session;
    const account = await this.#party.client.getAccount(use.host);
    const key = account?.pubkey?.type === "tendermint/PubKeySecp256k1" ? (account.pubkey.value as string) : undefined;
    if (key === undefined) throw new HostRefusal(`the chain knows no key of ${use.host}, so no receipt of it counts`);
    const question: Question = {
      ...{ chainId, useId: use.id, maxUnits: use.maxUnits, prompt },
      host: { address: use.host, publicKey: fromBase64(key) },
      signature: await signText(this.#party, askText(chainId, use.id, use.promptHash)),
    };
    const patience = (this.#settings.flag("wait") as number | undefined) ?? defaultPatienceSeconds;
    return client.ask(question, patience * 1000, notice);
  }

  /** Signs for the answer, unless the chain has its receipt. */
  async #signFor({ status }: Use, answered: AnsweredUse, hostSignature: Uint8Array, client: HostClient): Promise<void> {
    const { useId, units } = answered;
    if (status !== UseStatus.USE_STATUS_OPEN) {
      notice(`use ${useId} is closed: there is nothing to sign for any more`);
      return;
    }
    const userSignature = await signText(this.#party, acknowledgementTextOf(this.#session, answered));
    if (this.#settings.isSet("hand-in")) {
      const signatures = { userSignature, hostSignature };
      await this.#session.send(this.#party, [acknowledgementOf(this.#party.address, answered, signatures)]);
    } else {
      await client.giveReceipt(useId, userSignature);
    }
    notice(`use ${useId} is signed for: ${answered.output.length} bytes, ${units} units`);
  }
}

/** What failed, with what that means for the user's money. */
function asCliError(error: unknown, hint: string): unknown {
  if (error instanceof CliError) return error;
  return new CliError(messageOf(error), hint, error instanceof HostAway ? exitCode.unavailable : exitCode.failure);
}

function modelNumber(text: string): bigint {
  const number = wholeBigint(text);
  if (number === 0n) throw usageError("models are numbered from 1");
  return number;
}

/** The prompt, from wherever it is. */
async function promptOf(settings: Settings, argument: string | undefined): Promise<Uint8Array> {
  const file = settings.text("prompt-file");
  if ((argument === undefined) === (file === undefined)) {
    throw usageError("one prompt is asked at a time", "give it as the argument, or with --prompt-file");
  }
  const prompt = file === undefined ? utf8(argument!) : file === "-" ? await inputBytes() : fileBytes(file);
  if (prompt.length === 0 || prompt.length > MAX_TEXT_BYTES) throw unfit(`${prompt.length} bytes`);
  return prompt;
}

function fileBytes(file: string): Uint8Array {
  const { size } = statSync(file);
  if (size > MAX_TEXT_BYTES) throw unfit(`${size} bytes`);
  return new Uint8Array(readFileSync(file));
}

/** Standard input, byte for byte. */
async function inputBytes(): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_TEXT_BYTES) throw unfit("more");
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function unfit(what: string): CliError {
  return usageError(`the prompt has ${what}, and may have 1 to ${MAX_TEXT_BYTES} bytes`, "nothing was paid or sent");
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}
