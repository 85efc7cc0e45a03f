import { defineRole } from "../roles/role.ts";
import { positionsKey, prepareGround } from "./ground.ts";
import { type Position, readPositions } from "./orders.ts";
import { sharedVariables } from "./variables.ts";

/** Shows what is held, to people and as JSON; the positions come from Redis until a trade has changed them. */
export const web = defineRole(
  "trademaster-web",
  () => sharedVariables,
  async (app, config) => {
    const { pool, cache, measured } = await prepareGround(app, config);
    const positions = (): Promise<readonly Position[]> => cache.through(positionsKey, () => readPositions(pool));
    app.route("GET /", async () => ({ status: 200, body: page(await positions()), type: "text/html" }));
    app.route("GET /static/site.css", () => ({ status: 200, body: style, type: "text/css" }));
    app.route("GET /portfolio", async () => {
      const held = await positions();
      return { status: 200, body: { positions: held, value: held.reduce((sum, { value }) => sum + value, 0) } };
    });
    await app.ready();
    await measured();
  },
);

const style = "body { font-family: sans-serif; margin: 2rem } td, th { padding: 0.2rem 1rem; text-align: right }\n";

function page(positions: readonly Position[]): string {
  const rows = positions.map(
    ({ symbol, quantity, value }) => `<tr><th>${symbol}</th><td>${quantity}</td><td>${value.toFixed(2)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>TradeMaster</title><link rel="stylesheet" href="/static/site.css"></head>
<body><h1>TradeMaster</h1><table><tr><th>Symbol</th><th>Held</th><th>USD</th></tr>${rows.join("")}</table></body>
</html>
`;
}
