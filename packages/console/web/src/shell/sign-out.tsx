import { LogOut } from "lucide-react";
import { post } from "../data/api.ts";
import { Button } from "../kit/button.tsx";
import { useNotice } from "../kit/notices.tsx";

export function SignOut() {
  const tell = useNotice();
  const leave = (): void => {
    post("/logout").then(
      () => location.assign("/"),
      (error: Error) => tell(`Signing out failed: ${error.message}`, true),
    );
  };
  return (
    <Button look="ghost" size="icon" aria-label="Sign out" title="Sign out" onClick={leave}>
      <LogOut aria-hidden />
    </Button>
  );
}
