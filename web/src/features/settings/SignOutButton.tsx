import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { SignOut } from "./documents";

/** Ends this session, its socket included. */
export function SignOutButton() {
  const { settings } = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const signOut = async () => {
    if (await attempt(() => request(SignOut, {}))) location.assign("/sign-in");
  };
  return <Button onClick={() => void signOut()}>{settings.signOut}</Button>;
}
