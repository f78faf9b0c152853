import { hueOf, initialOf, usePeople, useActorName } from "@/lib/people";

type MarkProps = { person: { userId: string; displayName: string }; className?: string };

/** The initial of a person in the colour of their id. */
export function PersonMark({ person, className = "size-6 text-xs" }: MarkProps) {
  return (
    <span
      aria-hidden="true"
      className={`inline-flex shrink-0 items-center justify-center rounded-full font-semibold text-white ${className}`}
      style={{ background: `oklch(0.48 0.12 ${hueOf(person.userId)})` }}
    >
      {initialOf(person.displayName)}
    </span>
  );
}

/** Who did something, with the person's initial when several people work here. */
export function ActorName({ actor, className = "text-faint" }: { actor: string; className?: string }) {
  const { find, hasOthers } = usePeople();
  const name = useActorName();
  const person = hasOthers ? find(actor) : undefined;
  return (
    <span className={`inline-flex min-w-0 items-center gap-1 ${className}`}>
      {person && <PersonMark person={person} className="size-4 text-[0.625rem]" />}
      <span className="truncate">{name(actor)}</span>
    </span>
  );
}
