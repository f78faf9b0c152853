import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { signOutBy } from "@/lib/signIn";
import { SignOut } from "./documents";

/** Ends this session and its WebSocket. */
export function SignOutButton() {
  const { settings } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  return <Button onClick={() => void signOutBy(() => attempt(() => request(SignOut, {})))}>{settings.signOut}</Button>;
}
