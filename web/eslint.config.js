import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Imports run one way: app -> features -> components -> lib. A feature does not import another.
const upward = (layer, ...forbidden) => ({
  files: [`src/${layer}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: ["../*"], message: "Import from another folder through @/." },
          ...(forbidden.length > 0
            ? [{ group: forbidden.map((name) => `@/${name}/**`), message: `${layer} must not import this layer.` }]
            : []),
        ],
      },
    ],
  },
});

export default defineConfig(
  { ignores: ["dist", "node_modules", "src/gql", "public"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  reactHooks.configs.flat.recommended,
  {
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      // Empty functions are the defaults of contexts and of callbacks that are set later.
      "@typescript-eslint/no-empty-function": ["error", { allow: ["arrowFunctions"] }],
      // Effects may change the DOM element of a ref.
      "react-hooks/immutability": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  upward("app"),
  upward("graphiql", "app", "features"),
  upward("features", "app", "features", "graphiql"),
  upward("components", "app", "features", "graphiql"),
  upward("lib", "app", "features", "components", "graphiql"),
);
