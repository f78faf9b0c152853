import { Contradictions } from "@/features/contradictions/Contradictions";
import { DecisionsPage } from "@/features/decisions/DecisionsPage";

/** The decisions page, with the contradictions of the open decision. */
export function DecisionsLayout({ id }: { id: string | null }) {
  return (
    <DecisionsPage
      id={id}
      before={({ id: decisionId, title, version, project }) => (
        <div className="-mx-3.5 mt-4">
          <Contradictions
            key={decisionId}
            of="decision"
            id={decisionId}
            words={title}
            version={version}
            project={project}
          />
        </div>
      )}
    />
  );
}
