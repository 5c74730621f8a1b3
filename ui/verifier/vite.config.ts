import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** What stands in the page is what may run in it, by its hash, and nothing is ever fetched. */
function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      let [script, style, page] = ["", "", ""];
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === "chunk") script += file.code;
        else if (name.endsWith(".css")) style += String(file.source);
        else page = String(file.source);
        if (!name.endsWith(".html")) Reflect.deleteProperty(bundle, name);
      }
      // Nothing in the script ends the element that it stands in.
      script = `\n${script.replaceAll("</", "<\\/").replaceAll("<!--", "<\\!--").trim()}\n`;
      style = `\n${style.trim()}\n`;
      const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
      const policy = [
        "default-src 'none'",
        `script-src ${hash(script)}`,
        `style-src ${hash(style)}`,
        "img-src blob:",
        "form-action 'none'",
        "base-uri 'none'",
      ].join("; ");
      const bare = page
        .replace(/<script\b[^>]*><\/script>\s*/g, "")
        .replace(/<link\b[^>]*rel="stylesheet"[^>]*>\s*/g, "");
      const head = `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <style>${style}</style>`;
      const source = bare
        .replace('<meta charset="utf-8" />', () => `<meta charset="utf-8" />\n    ${head}`)
        .replace("</body>", () => `<script>${script}</script>\n  </body>`);
      for (const file of Object.values(bundle)) if (file.type === "asset") file.source = source;
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [oneFile()],
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1000,
    emptyOutDir: true,
    // Opened from a disk, a script is no module.
    rolldownOptions: { output: { format: "iife" } },
  },
  server: { fs: { allow: [".", "../../assets"] } },
});
