import axe from "axe-core";
import type { Page } from "playwright-core";

/** WCAG 2.2, levels A and AA, with what the versions before it asked for. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const nodesShown = 3;

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe finds on the page as it stands, a line each; empty when it is in order. */
export async function runAxe(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  const run = `axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(tags)} }, resultTypes: ["violations"] })`;
  const { violations } = await page.evaluate<{ violations: Violation[] }>(run);
  return violations.map(({ id, help, nodes }) => {
    const where = nodes
      .slice(0, nodesShown)
      .map((node) => `${node.html.slice(0, 160)} (${node.failureSummary.replaceAll(/\s+/g, " ").slice(0, 200)})`);
    return `${id}: ${help}: ${nodes.length} × ${where.join(" | ")}`;
  });
}
