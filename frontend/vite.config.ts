// Builds the room's script, the theme and the icons into static/casustafel/, which is committed:
// who installs Casustafel needs no Node. Names carry no hash; whitenoise serves them.
import { readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;

/** The invisible square that every Tabler outline begins with. */
const FRAME = /<path stroke="none"[^>]*>/;

/** One <symbol> for each outline in icons/, so that a page needs one small file. */
function sprite(): Plugin {
  return {
    name: "casustafel-sprite",
    generateBundle() {
      const files = readdirSync(resolve(here, "icons")).filter((name) => name.endsWith(".svg")).sort();
      const symbols = files.map((name) => {
        const text = readFileSync(resolve(here, "icons", name), "utf8");
        const inner = text.slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.lastIndexOf("</svg>"));
        return `<symbol id="${basename(name, ".svg")}" viewBox="0 0 24 24">${inner.replace(FRAME, "").replace(/\s+/g, " ").trim()}</symbol>`;
      });
      const source = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
      this.emitFile({ type: "asset", fileName: "icons.svg", source });
      const mark = readFileSync(resolve(here, "icons/own/mark.svg"), "utf8");
      this.emitFile({ type: "asset", fileName: "mark.svg", source: mark });
    },
  };
}

interface Declaration {
  prop: string;
  value: string;
  remove(): void;
}
interface Root {
  walkDecls(visit: (declaration: Declaration) => void): void;
}

/** Drops design tokens that no rule uses: of 2,700 of them a few dozen are left. */
const dropUnusedTokens = {
  postcssPlugin: "casustafel-drop-unused-tokens",
  OnceExit(root: Root): void {
    for (let dropped = true; dropped; ) {
      dropped = false;
      const used = new Set<string>();
      root.walkDecls(({ value }) => {
        for (const [, name] of value.matchAll(/var\(\s*(--[\w-]+)/g)) used.add(name as string);
      });
      root.walkDecls((declaration) => {
        if (!declaration.prop.startsWith("--") || used.has(declaration.prop)) return;
        declaration.remove();
        dropped = true;
      });
    }
  },
};

export default defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  plugins: [sprite()],
  css: { postcss: { plugins: [dropUnusedTokens] } },
  build: {
    outDir: resolve(here, "static/casustafel"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    rolldownOptions: {
      input: { room: resolve(here, "island/room.tsx"), theme: resolve(here, "styles/theme.css") },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: ({ names }) => (names[0]?.endsWith(".woff2") ? "fonts/[name][extname]" : "[name][extname]"),
      },
    },
  },
});
