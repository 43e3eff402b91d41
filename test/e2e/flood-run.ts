// `npm run flood`: one validator of four under 10,000 junk transactions a second and 1,000 hostile connections.
//
//   npm run flood -- --seconds 30 --rate 10000 --streams 1000 --validators 4
//   npm run flood -- --rpc-abuse                  abuse of its RPC port instead
//   npm run flood -- --rpc-abuse --only deep,body

import { parseArgs } from "node:util";
import { runFlood } from "./flood.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    rate: { type: "string", default: "10000" },
    streams: { type: "string", default: "1000" },
    validators: { type: "string", default: "4" },
    "rpc-abuse": { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
const report = await runFlood({
  seconds: Number(values.seconds),
  perSecond: Number(values.rate),
  streams: Number(values.streams),
  validators: Number(values.validators),
  abuse: values["rpc-abuse"] ? values.only.split(",").filter((name) => name !== "") : undefined,
});
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exit(0);
