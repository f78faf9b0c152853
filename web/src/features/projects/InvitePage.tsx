import { useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useToast } from "@/components/Toasts";
import { useFailureText } from "@/components/useFailureText";
import { useText } from "@/lib/language";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { navigate, toPage } from "@/lib/route";
import { AcceptInvitation } from "./documents";
import { useProjectList } from "./useProjectList";

/** The page of an invitation link: joins the project after the reader has agreed, or says why that is not possible. */
export function InvitePage({ id: code }: { id: string | null }) {
  const { members: text } = useText();
  const request = useRequest();
  const reason = useFailureText();
  const showToast = useToast();
  const { show } = useProjectList();
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const join = async () => {
    setBusy(true);
    try {
      const project = (await request(AcceptInvitation, { code: code ?? "" })).acceptInvitation;
      show(project);
      showToast({ title: text.joined(project.name), tone: "success" });
      navigate({ ...toPage("project"), project: project.slug }, { replace: true });
    } catch (error) {
      setFailure(toFailure(error));
      setBusy(false);
    }
  };
  // An invitation that was used or has expired stays so; everything else may be tried again.
  const final = failure !== null && (failure.key?.startsWith("invitation.") ?? failure.code === "NOT_FOUND");
  return (
    <div className="m-auto flex w-full max-w-md flex-col items-center gap-3 px-6 py-10 text-center">
      <Icon name={final ? "alert" : "folder"} className="size-8 text-wave" />
      <h2 className="font-display text-2xl text-balance">{final ? text.inviteFailed : text.inviteTitle}</h2>
      <p role={failure ? "alert" : undefined} className="text-sm wrap-anywhere text-soft">
        {failure ? reason(failure) : text.inviteHint}
      </p>
      {final && <p className="text-sm text-soft">{text.inviteFailedHint}</p>}
      {final ? (
        <Button look="primary" onClick={() => navigate({ ...toPage("project"), project: null })}>
          {text.toOwn}
        </Button>
      ) : (
        <Button look="primary" disabled={busy} onClick={() => void join()}>
          {text.join}
        </Button>
      )}
    </div>
  );
}
