// The node's one page: blocks, datanets, payouts, and an answer coloured by the records it came from. It reads the node's REST routes and
// keeps nothing. Text from the chain enters the page as text only, never as markup.

const refreshMs = 2000;
const shownBlocks = 8;
const shownAnswers = 12;
const hues = [200, 30, 130, 280, 340, 60, 170, 230, 100, 310];

const blocks = new Map();
const records = new Map();
let answers = [];
let chosen;

async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const show = (id, ...children) => document.getElementById(id).replaceChildren(...children);
const row = (...cells) => element("tr", {}, ...cells.map(([text, className = ""]) => element("td", { className }, text)));
const grouped = (amount) => String(amount).replace(/\B(?=(\d{3})+$)/g, " ");
const hex = (base64) => [...atob(base64 ?? "")].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");

async function showBlocks() {
  const latest = (await get("/cosmos/base/tendermint/v1beta1/blocks/latest")).block;
  const height = Number(latest.header.height);
  blocks.set(height, latest);
  for (let wanted = height - 1; wanted > 0 && wanted > height - shownBlocks; wanted -= 1)
    if (!blocks.has(wanted)) blocks.set(wanted, (await get(`/cosmos/base/tendermint/v1beta1/blocks/${wanted}`)).block);
  for (const old of blocks.keys()) if (old <= height - shownBlocks) blocks.delete(old);
  show("status", `Chain ${latest.header.chain_id}, height ${grouped(height)}`);
  const newestFirst = [...blocks].sort(([a], [b]) => b - a);
  show(
    "blocks",
    ...newestFirst.map(([number, { header, data }]) =>
      row(
        [grouped(number), "number"],
        [header.time.slice(0, 19).replace("T", " ")],
        [String(data.txs.length), "number"],
        [element("code", {}, `${hex(header.app_hash).slice(0, 16)}…`)],
      ),
    ),
  );
}

async function showDatanets() {
  const { datanets } = await get("/tributary/datanet/v1/datanets?pagination.limit=20");
  show(
    "datanets",
    ...datanets.map((datanet) =>
      row([datanet.name], [grouped(datanet.record_count), "number"], [grouped(datanet.member_count), "number"], [datanet.licence]),
    ),
  );
}

async function showPayouts() {
  const { payouts } = await get("/tributary/attribution/v1/payouts?pagination.limit=12&pagination.reverse=true");
  const sum = (shares) => shares.reduce((total, share) => total + BigInt(share.amount), 0n);
  show(
    "payouts",
    ...payouts.map((payout) => {
      const contributors = sum(payout.record_shares) + sum(payout.lineage_shares);
      return row(
        [`#${payout.use_id}`],
        [`${grouped(payout.fee.amount)} ${payout.fee.denom}`, "number"],
        [grouped(contributors), "number"],
        [String(payout.record_shares.length)],
      );
    }),
  );
}

/** What to call a record: its own name (a path, usually), fetched once. */
async function nameOf({ datanet_id, number }) {
  const key = `${datanet_id}/${number}`;
  if (!records.has(key)) {
    const { record } = await get(`/tributary/datanet/v1/datanets/${datanet_id}/records/${number}`);
    records.set(key, record.name || `record ${number}`);
  }
  return records.get(key);
}

async function loadAnswers() {
  const action = encodeURIComponent("message.action='/tributary.attribution.v1.MsgSettleUse'");
  const { txs } = await get(`/cosmos/tx/v1beta1/txs?query=${action}&order_by=2&page=1&limit=${shownAnswers}`);
  const settled = txs.flatMap((tx) => tx.body.messages).filter((message) => message["@type"].endsWith("MsgSettleUse"));
  answers = settled.map(({ use_id, output, spans }) => ({
    useId: use_id,
    bytes: Uint8Array.from(atob(output), (char) => char.charCodeAt(0)),
    spans,
  }));
}

async function showAnswer() {
  const answer = answers.find(({ useId }) => useId === chosen) ?? answers[0];
  if (!answer) return;
  show(
    "answers",
    ...answers.map(({ useId }) => {
      const button = element("button", { type: "button", onclick: () => choose(useId) }, `Use #${useId}`);
      button.setAttribute("aria-pressed", String(useId === answer.useId));
      return button;
    }),
  );
  const text = new TextDecoder();
  const colours = new Map();
  const colourOf = async (record) => {
    const name = await nameOf(record);
    if (!colours.has(name)) colours.set(name, `hsl(${hues[colours.size % hues.length]} 70% 50% / 0.32)`);
    return { name, colour: colours.get(name) };
  };
  const pieces = [];
  let position = 0;
  for (const span of answer.spans) {
    const { name, colour } = await colourOf(span.record);
    pieces.push(text.decode(answer.bytes.subarray(position, span.output_start)));
    position = span.output_start + span.length;
    const mark = element("mark", { title: name }, text.decode(answer.bytes.subarray(span.output_start, position)));
    mark.style.background = colour;
    pieces.push(mark);
  }
  pieces.push(text.decode(answer.bytes.subarray(position)));
  show("answer", ...pieces);
  show(
    "legend",
    ...[...colours].map(([name, colour]) => {
      const mark = element("mark", {}, element("code", {}, name));
      mark.style.background = colour;
      return element("li", {}, mark);
    }),
  );
}

function choose(useId) {
  chosen = useId;
  showAnswer();
}

async function refresh() {
  try {
    await showBlocks();
    await Promise.all([showDatanets(), showPayouts(), loadAnswers()]);
    await showAnswer();
  } catch (error) {
    show("status", `This node does not answer as expected (${error.message}); trying again.`);
  }
  setTimeout(refresh, refreshMs);
}

refresh();
