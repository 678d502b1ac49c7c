import { Outlet } from 'react-router';
import { useLanguage, useWords } from '../shared/i18n.js';
import { problemSentence } from '../shared/problem-words.js';
import { Waiting } from '../shared/Waiting.js';
import { SetUp } from './SetUp.js';
import { SignIn } from './SignIn.js';
import { UserProvider, useSession } from './session.js';
import { words } from './words.js';

/** Nobody passes who is not signed in; where nobody can be yet, the first administrator is made. */
export function Door() {
  const { data: session, error, failureReason } = useSession();
  const { language } = useLanguage();
  const t = useWords(words);
  if (session === undefined) {
    const fault = error ?? failureReason;
    return fault === null ? (
      <Waiting />
    ) : (
      <main id="main" className="page" role="alert">
        <h1>{t.noServer}</h1>
        <p>{problemSentence(fault, language)}</p>
      </main>
    );
  }
  if (session.needsSetup) return <SetUp />;
  if (session.user === null) return <SignIn hasOidc={session.hasOidc} />;
  return (
    <UserProvider value={session.user}>
      <Outlet />
    </UserProvider>
  );
}
