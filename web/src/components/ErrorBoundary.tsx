import { Component, type ReactNode } from "react";

type BoundaryProps = {
  /** Another value renders the children again, for example the text or the address. */
  resetKey: string;
  fallback: (retry: () => void) => ReactNode;
  children: ReactNode;
};
type BoundaryState = { failed: boolean; resetKey: string };

/** Shows `fallback` in place of children that fail to render; the error is in the console. */
export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ resetKey }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return resetKey === state.resetKey ? null : { failed: false, resetKey };
  }

  override render() {
    return this.state.failed ? this.props.fallback(() => this.setState({ failed: false })) : this.props.children;
  }
}
