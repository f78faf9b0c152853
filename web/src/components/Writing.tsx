import type { ReactNode } from "react";
import { useCanWrite } from "@/lib/projects";

type WritingProps = { record?: { project?: { id: string } | null | undefined } | null; children: ReactNode };

/** Shows controls only to who may write to the project of the record, or to the chosen project. */
export function Writing({ record, children }: WritingProps) {
  return useCanWrite()(record) && children;
}
