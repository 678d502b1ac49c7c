import type { ReactNode } from 'react';

/** A table that is wider than a phone scrolls in here, by keyboard too. */
export function TableBox({
  label,
  isCard = false,
  children,
}: {
  readonly label: string;
  readonly isCard?: boolean;
  readonly children: ReactNode;
}) {
  return (
    // Who scrolls by keyboard must be able to come here.
    <div
      className={isCard ? 'card table-box' : 'table-box'}
      role="group"
      aria-label={label}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
