/** The chain as one sees it whose node goes away whenever the first message is sent. Owns no expectation. */
import type { ChainSession } from "../../attribution/chain-session.ts";

export function awayOnce(session: ChainSession): ChainSession {
  let wasAway = false;
  const send: ChainSession["send"] = async (...asked) => {
    if (wasAway) return await session.send(...asked);
    wasAway = true;
    throw new TypeError("fetch failed");
  };
  return new Proxy(session, {
    get(target, name) {
      const value = name === "send" ? send : Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
