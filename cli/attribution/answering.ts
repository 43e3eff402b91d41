// Owns what `tributaryd host` does when it is told to listen: the flags, and starting the port with the command that answers. Who may have an
// answer is attribution/asking/answer-desk.ts's, HTTP is ask-server.ts's.
import type { Option } from "commander";
import { type Answerer, commandAnswerer } from "../../attribution/asking/answer-command.ts";
import { AnswerDesk, type AnswerDeskOptions } from "../../attribution/asking/answer-desk.ts";
import type { ChainSession, Party } from "../../attribution/chain-session.ts";
import { type ListenAddress, parseListenAddress } from "../../node/listen.ts";
import { usageError } from "../errors.ts";
import { option, wholeNumber } from "../options.ts";
import { notice, printLine } from "../output.ts";
import type { Settings } from "../settings.ts";
import { startAskServer } from "./ask-server.ts";

const defaults = { timeoutSeconds: 120, parallel: 1, queue: 16, unsigned: 3 };

/** The flags of a host that takes prompts. */
export function answeringOptions(): readonly Option[] {
  return [
    option("--listen <address>", "Take prompts from users here, such as tcp://127.0.0.1:8080 (default: nowhere)"),
    option("--answer <command>", "What answers them: the prompt is its input, what it prints is the answer"),
    option("--answer-timeout <seconds>", "How long the command may take (default: 120)").argParser(wholeNumber),
    option("--parallel <count>", "How many prompts are answered at a time (default: 1)").argParser(wholeNumber),
    option("--queue <count>", "How many more may wait (default: 16)").argParser(wholeNumber),
    option(
      "--unsigned <count>",
      "How many answers a user may leave without a signature before more are refused (default: 3)",
    ).argParser(wholeNumber),
  ];
}

/** How prompts are to be answered. */
export interface AnsweringPlan {
  readonly address: ListenAddress;
  readonly answerer: Answerer;
  readonly bounds: Pick<AnswerDeskOptions, "parallel" | "queue" | "unsigned">;
}

/** What the flags say; undefined when the host takes no prompts. Throws before a node is asked anything. */
export function answeringPlan(settings: Settings): AnsweringPlan | undefined {
  const [place, command] = [settings.text("listen"), settings.text("answer")];
  if (place === undefined && command === undefined) return undefined;
  if (place === undefined || command === undefined) {
    throw usageError("--listen and --answer belong together", "one says where prompts come in, one what answers them");
  }
  if (settings.isSet("once")) throw usageError("--once is not for a host that listens", "leave it out, or --listen");
  const number = (name: string, otherwise: number, least: number): number => {
    const value = (settings.flag(name) as number | undefined) ?? otherwise;
    if (value < least) throw usageError(`--${name} ${value} is less than ${least}`);
    return value;
  };
  const timeoutMs = number("answer-timeout", defaults.timeoutSeconds, 1) * 1000;
  return {
    address: parseListenAddress(place, "--listen"),
    answerer: commandAnswerer({ command, timeoutMs }),
    bounds: {
      parallel: number("parallel", defaults.parallel, 1),
      queue: number("queue", defaults.queue, 0),
      unsigned: number("unsigned", defaults.unsigned, 1),
    },
  };
}

/** Opens the port. */
export async function startAnswering(
  { address, answerer, bounds }: AnsweringPlan,
  { session, party, served }: { readonly session: ChainSession; readonly party: Party; readonly served: string },
): Promise<{ close(): Promise<void> }> {
  const desk = await AnswerDesk.open({ session, party, served, answerer, ...bounds, report: printLine });
  const options = { address, desk, chainId: session.chainId, host: party.address, report: notice };
  const server = await startAskServer(options);
  printLine(`prompts are taken at ${server.url}`);
  if (address.host !== "127.0.0.1" && address.host !== "::1") {
    notice("this is plain HTTP, which others on the way can read: let users come through TLS or a tunnel");
  }
  return {
    close: async () => {
      // Requests that wait for an answer end with the answers.
      await desk.stop();
      await server.close();
    },
  };
}
