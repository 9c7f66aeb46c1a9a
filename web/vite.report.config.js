import { defineConfig } from "vite";

/** What a report file carries inside itself: one script and one sheet, without Svelte. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../src/vitropolis/server/static",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    target: ["chrome123", "firefox120", "safari17.5"],
    lib: { entry: "src/fragments/report.ts", formats: ["iife"], name: "vitropolis", fileName: () => "report.js" },
    rolldownOptions: { output: { assetFileNames: "report.[ext]" } },
  },
});
