// Owns grants as the command line makes them from simd's words: an authorization of x/authz by its kind, an allowance of x/feegrant by its limits, and
// the messages of a transaction file that are carried out for others. Does not own what they allow (modules/authz, modules/feegrant).
import type { Option } from "commander";
import { coinsToMessages, parseCoin, parseCoins } from "../../chain/types/coin.ts";
import { formatTime } from "../../chain/types/time.ts";
import { messageOf, usageError } from "../errors.ts";
import { readJsonFile } from "../files.ts";
import { option, wholeBigint } from "../options.ts";
import type { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";

/** The kinds of stake authorization by simd's words for them. */
const stakeKinds: Readonly<Record<string, string>> = {
  delegate: "AUTHORIZATION_TYPE_DELEGATE",
  unbond: "AUTHORIZATION_TYPE_UNDELEGATE",
  redelegate: "AUTHORIZATION_TYPE_REDELEGATE",
};

/** The flags of `tx authz grant`. */
export function authorizationOptions(): readonly Option[] {
  return [
    option("--spend-limit <coins>", "How much may be sent in all, or the coin that may be staked"),
    option("--allow-list <addresses>", "send: to whom only, with commas between"),
    option("--msg-type <type URL>", "generic: the message, such as /cosmos.gov.v1.MsgVote"),
    option("--allowed-validators <addresses>", "delegate, unbond, redelegate: with whom only"),
    option("--deny-validators <addresses>", "delegate, unbond, redelegate: with whom not"),
    option("--expiration <seconds>", "When it ends, in unix seconds (default: never)").argParser(wholeBigint),
  ];
}

/** The grant of an authorization of the named kind, as JSON of cosmos.authz.v1beta1.Grant. */
export function grantJson(settings: Settings, kind: string): Json {
  const expiration = settings.bigint("expiration") ?? 0n;
  return {
    authorization: authorizationJson(settings, kind),
    ...(expiration === 0n ? {} : { expiration: formatTime({ seconds: expiration, nanos: 0 }) }),
  };
}

function authorizationJson(settings: Settings, kind: string): Json {
  const stake = stakeKinds[kind];
  if (stake !== undefined) return stakeAuthorization(settings, stake);
  if (kind === "generic") {
    const msg = settings.text("msg-type");
    if (msg === undefined) throw usageError("a generic authorization names a message", "give it with --msg-type");
    return { "@type": "/cosmos.authz.v1beta1.GenericAuthorization", msg };
  }
  if (kind !== "send") {
    throw usageError(
      `there is no authorization ${JSON.stringify(kind)}`,
      `use send, generic, ${Object.keys(stakeKinds).join(", ")}, or the grant as JSON; nothing was sent`,
    );
  }
  const limit = coinsOf(settings, "spend-limit");
  if (limit.length === 0) throw usageError("an authorization to send has a limit", "give it with --spend-limit");
  const allowed = listOf(settings, "allow-list");
  if (new Set(allowed).size < allowed.length) throw usageError("--allow-list names an address twice");
  return { "@type": "/cosmos.bank.v1beta1.SendAuthorization", spend_limit: limit, allow_list: allowed };
}

function stakeAuthorization(settings: Settings, authorization_type: string): Json {
  const [allowed, denied] = [listOf(settings, "allowed-validators"), listOf(settings, "deny-validators")];
  if ((allowed.length === 0) === (denied.length === 0)) {
    throw usageError(
      "an authorization to stake names the validators it is for, or those it is not for",
      "give --allowed-validators or --deny-validators, one of them",
    );
  }
  const limit = settings.text("spend-limit");
  return {
    "@type": "/cosmos.staking.v1beta1.StakeAuthorization",
    authorization_type,
    ...(limit === undefined ? {} : { max_tokens: coinOf(limit) }),
    ...(allowed.length > 0 ? { allow_list: { address: allowed } } : { deny_list: { address: denied } }),
  };
}

/** The flags of `tx feegrant grant`. */
export function allowanceOptions(): readonly Option[] {
  return [
    option("--spend-limit <coins>", "How much may be spent in all (default: without limit)"),
    option("--expiration <time>", "When it ends, such as 2027-01-31T12:00:00Z (default: never)"),
    option("--period <seconds>", "Length of a period, after which the period's limit is there again").argParser(
      wholeBigint,
    ),
    option("--period-limit <coins>", "How much may be spent in a period"),
    option("--allowed-messages <type URLs>", "For which messages only, with commas between"),
  ];
}

/** The allowance that the flags say, as JSON with its `@type`. `now` is in unix milliseconds: the first period ends one period later. */
export function allowanceJson(settings: Settings, now: number): Json {
  const expiration = settings.text("expiration");
  const ends = expiration === undefined ? undefined : Date.parse(expiration);
  if (ends !== undefined && Number.isNaN(ends))
    throw usageError(`--expiration ${expiration} is not a time`, "it looks like 2027-01-31T12:00:00Z");
  const basic = {
    spend_limit: coinsOf(settings, "spend-limit"),
    ...(expiration === undefined ? {} : { expiration }),
  };
  let allowance: Json = { "@type": "/cosmos.feegrant.v1beta1.BasicAllowance", ...basic };
  const period = settings.bigint("period") ?? 0n;
  const limit = coinsOf(settings, "period-limit");
  if (period > 0n || limit.length > 0) {
    if (period === 0n || limit.length === 0)
      throw usageError("a period has a length and a limit", "give --period and --period-limit, both or neither");
    const reset = BigInt(now) / 1000n + period;
    if (ends !== undefined && Number(reset) * 1000 > ends)
      throw usageError(`a period of ${period} s ends after the allowance does, ${expiration}`);
    allowance = {
      "@type": "/cosmos.feegrant.v1beta1.PeriodicAllowance",
      basic,
      period: `${period}s`,
      period_spend_limit: limit,
      period_can_spend: limit,
      period_reset: formatTime({ seconds: reset, nanos: 0 }),
    };
  }
  const allowed_messages = listOf(settings, "allowed-messages");
  return allowed_messages.length === 0
    ? allowance
    : { "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance", allowance, allowed_messages };
}

/** The messages of a transaction file, as `--generate-only` writes it. */
export function messagesOfFile(file: string): readonly Json[] {
  const json = readJsonFile(file) as { readonly body?: { readonly messages?: readonly Json[] } } | null;
  const messages = json?.body?.messages;
  if (!Array.isArray(messages)) throw usageError(`${file} does not hold a transaction`, "nothing was sent");
  return messages as readonly Json[];
}

function listOf(settings: Settings, flag: string): readonly string[] {
  return (settings.text(flag) ?? "").split(",").filter((item) => item !== "");
}

function coinsOf(settings: Settings, flag: string): readonly Json[] {
  try {
    return coinsToMessages(parseCoins(settings.text(flag) ?? "")).map((coin) => ({ ...coin }));
  } catch (error) {
    throw usageError(`--${flag}: ${messageOf(error)}`, "coins look like 1000uopen,5ushare");
  }
}

function coinOf(text: string): Json {
  try {
    const { denom, amount } = parseCoin(text);
    return { denom, amount: amount.toString() };
  } catch (error) {
    throw usageError(`--spend-limit: ${messageOf(error)}`, "a coin looks like 1000uopen");
  }
}
