/** The product logo: a dot and its rings. With `live` the rings are animated, which shows that work is in progress. */
export function Logo({ className = "", live = false }: { className?: string; live?: boolean }) {
  const ring = "origin-center fill-none stroke-current";
  return (
    <svg aria-hidden="true" width="1.5rem" height="1.5rem" viewBox="0 0 32 32" className={`shrink-0 ${className}`}>
      {live ? (
        <>
          <circle cx="16" cy="16" r="14" strokeWidth="1.6" className={`${ring} animate-ripple`} />
          <circle
            cx="16"
            cy="16"
            r="14"
            strokeWidth="1.6"
            className={`${ring} animate-ripple [animation-delay:-0.8s]`}
          />
          <circle
            cx="16"
            cy="16"
            r="14"
            strokeWidth="1.6"
            className={`${ring} animate-ripple [animation-delay:-1.6s]`}
          />
        </>
      ) : (
        <>
          <path
            d="M16 2.5a13.5 13.5 0 0 1 0 27"
            strokeWidth="1.6"
            strokeLinecap="round"
            className={`${ring} opacity-35`}
          />
          <path d="M16 7a9 9 0 1 0 0 18" strokeWidth="1.8" strokeLinecap="round" className={`${ring} opacity-65`} />
        </>
      )}
      <circle cx="16" cy="16" r="4" className="fill-current" />
    </svg>
  );
}
