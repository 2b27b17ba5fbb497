/** A refusal in GitHub's own form. */
export class GithubProblem extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, more: { errors?: unknown[]; headers?: Record<string, string> } = {}) {
    super(message);
    this.name = "GithubProblem";
    this.status = status;
    this.headers = more.headers ?? {};
    this.body = {
      message,
      documentation_url: "https://docs.github.com/rest",
      status: String(status),
      ...(more.errors ? { errors: more.errors } : {}),
    };
  }
}

export const notFound = (): GithubProblem => new GithubProblem(404, "Not Found");

/** 422 as GitHub says it: which resource, which field, and a word or a sentence. */
export const unprocessable = (resource: string, field: string, problem: { code?: string; message?: string }): GithubProblem =>
  new GithubProblem(422, "Validation Failed", {
    errors: [{ resource, field, code: problem.code ?? "custom", ...(problem.message ? { message: problem.message } : {}) }],
  });
