import { visibleText } from "../../../src/visible-parts.ts";
import type { ChatCode, ChatView } from "@aito/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { post } from "../data/api.ts";
import { chatsQuery, useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Problem } from "../kit/field.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";

/** Whose presses of buttons count in the company's chat, and the code that makes them one's own. */
export function LinkedChats() {
  const chats = useQuery(chatsQuery);
  const client = useQueryClient();
  const may = useMay();
  const code = useMutation({ mutationFn: () => post<ChatCode>("/api/v1/chats/codes") });
  const end = useMutation({
    mutationFn: (id: string) => post<ChatView>("/api/v1/chats/:id/end", undefined, { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ["chats"] }),
  });
  return (
    <div className="rounded-lg bg-raised px-3 py-2.5 text-sm">
      <Loaded query={chats} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <p>Nobody answers by buttons there yet: notices only have a link to the console.</p>
          ) : (
            <ul className="space-y-1.5">
              {items.map((chat) => (
                <li key={chat.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
                  <span className="min-w-0">
                    <Foreign text={chat.accountName} className="font-medium" /> answers by buttons as{" "}
                    <Foreign text={chat.operator} className="font-medium" />, since <When at={chat.linkedAt} />
                  </span>
                  <Button
                    size="small"
                    aria-label={visibleText(`End the buttons of ${chat.accountName}`)}
                    disabled={end.isPending}
                    onClick={() => end.mutate(chat.id)}
                  >
                    End
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {may("/api/v1/chats/codes") && (
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1.5">
          <Button size="small" disabled={code.isPending} onClick={() => code.mutate()}>
            Link the chat to me
          </Button>
          {code.data && (
            <p role="status">
              Write this into the chat, once, <When at={code.data.expiresAt} /> at the latest:{" "}
              <code className="rounded bg-card px-1.5 py-0.5 font-mono select-all">/link {code.data.code}</code>
            </p>
          )}
        </div>
      )}
      <Problem error={code.error ?? end.error} />
    </div>
  );
}
