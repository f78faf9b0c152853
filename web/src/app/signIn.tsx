import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import "@/styles.css";
import { SignInPage } from "@/features/identity/SignInPage";
import { catchDroppedFiles } from "@/lib/droppedFiles";
import { leaveKeysToInputMethod } from "@/lib/inputMethod";
import { LanguageProvider } from "@/lib/language";
import { createGraphQLClient } from "@/lib/request";

leaveKeysToInputMethod();
catchDroppedFiles();
const root = document.getElementById("root");
if (!root) throw new Error("sign-in.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Provider value={createGraphQLClient("/graphql")}>
      <LanguageProvider>
        <SignInPage />
      </LanguageProvider>
    </Provider>
  </StrictMode>,
);
