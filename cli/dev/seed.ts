// Owns the sample data of a development chain: which account plays which part, and what is told about it. The data and
// the payment are the tour's (attribution/tour.ts).
import { seedAndPayOnce, type TextSealing, useLines } from "../../attribution/tour.ts";
import {
  encryptionPublicKey,
  openText,
  sealText,
  unwrapContentKey,
  wrapContentKey,
} from "../../node/data/content-key.ts";
import { defaultPrefix } from "../settings.ts";
import type { DevAccount, DevAccountName } from "./accounts.ts";
import type { Screen } from "./screen.ts";

/** The parts of the tour, played by development accounts. */
export function tourAccounts(accounts: readonly DevAccount[]) {
  const account = (name: DevAccountName): DevAccount => accounts.find((one) => one.name === name)!;
  return {
    owner: account("alice"),
    host: account("bob"),
    user: account("carol"),
    contributors: [account("dave"), account("erin"), account("frank"), account("grace"), account("heidi")],
    vault: account("judy"),
    watcher: account("ivan"),
  };
}

/** How the tour seals its private notes. */
export const tourSealing: TextSealing = { sealText, openText, encryptionPublicKey, wrapContentKey, unwrapContentKey };

/** What development accounts pay for gas; the node takes transactions without a fee too. */
export const devGasPrice = "0.001uopen";

/** What is asked for on a new chain. */
const firstPrompt = "function transfer(address to, uint256 amount)";

/** Seeds the chain as far as it is not seeded, and shows one payment. */
export async function seedDevChain(options: {
  readonly rpcUrl: string;
  readonly accounts: readonly DevAccount[];
  readonly screen: Screen;
}): Promise<void> {
  const { rpcUrl, accounts, screen } = options;
  const use = await seedAndPayOnce(
    {
      rpcUrl,
      prefix: defaultPrefix,
      gasPrice: devGasPrice,
      accounts: tourAccounts(accounts),
      report: (line) => screen.say("seed", line),
    },
    firstPrompt,
  );
  const paid = use.shares.map(({ name, amount, file, tokens }) => ({ name, amount, file, tokens }));
  screen.say(
    "payment",
    ["", "The first payment:", ...useLines(use).slice(1), "See more with `npm run tour`.", ""].join("\n"),
    {
      use_id: use.useId,
      prompt: use.prompt,
      output: use.output,
      fee: { ...use.fee },
      paid,
    },
  );
}
