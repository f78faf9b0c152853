import { createContext, use } from "react";

/** Whether the reader may write in the open conversation. */
export const MayWriteContext = createContext(true);

export const useMayWrite = () => use(MayWriteContext);
