import { useId, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ROLES } from '../../../src/contract/constants.js';
import type { Role, User } from '../../../src/contract/index.js';
import { useMay, useUser } from '../app/session.js';
import { get, send } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { TableBox } from '../shared/TableBox.js';
import { useSay, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { words } from './words.js';
import '../charts/charts.css';
import './people.css';

const USERS = ['users'];

/** Who may do what. */
export default function UsersView() {
  const t = useWords(words);
  const isAdministrator = useMay('administrator');
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: USERS,
    queryFn: () => get<User[]>('/users'),
    enabled: isAdministrator,
  });
  const change = useMutation({
    mutationFn: ({
      id,
      ...values
    }: {
      id: string;
      role?: Role;
      disabled?: boolean;
      password?: string;
      recipient?: string | null;
    }) => send<User>('PATCH', `/users/${encodeURIComponent(id)}`, values),
    onSuccess: () => cache.invalidateQueries({ queryKey: USERS }),
  });
  if (!isAdministrator)
    return (
      <main id="main" className="page">
        <h1>{t.users}</h1>
        <p className="fault">{t.administratorOnly}</p>
      </main>
    );
  return (
    <main id="main" className="page">
      <div>
        <h1>{t.users}</h1>
        <p className="quiet">{t.usersLead}</p>
      </div>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {change.error === null ? null : <Fault error={change.error} />}
      <p role="status">{change.data === undefined ? '' : `✓ ${t.done(change.data.name)}`}</p>
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : null
      ) : (
        <TableBox label={t.users} isCard>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t.name}</th>
                <th scope="col">{t.role}</th>
                <th scope="col">{t.recipient}</th>
                <th scope="col">{t.origin}</th>
                <th scope="col">{t.state}</th>
                <th scope="col">{t.passwordWord}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((user) => (
                <UserRow
                  key={user.id}
                  user={user}
                  isBusy={change.isPending}
                  onChange={(values) => change.mutate({ id: user.id, ...values })}
                />
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
      <NewUser />
    </main>
  );
}

interface Change {
  role?: Role;
  disabled?: boolean;
  password?: string;
  recipient?: string | null;
}

function UserRow({
  user,
  isBusy,
  onChange,
}: {
  readonly user: User;
  readonly isBusy: boolean;
  readonly onChange: (change: Change) => void;
}) {
  const t = useWords(words);
  const isSelf = useUser().id === user.id;
  const [password, setPassword] = useState<string>();
  const id = useId();
  return (
    <tr className={user.disabled ? 'is-disabled' : undefined}>
      <th scope="row">
        {user.name}
        {isSelf ? <span className="quiet"> ({t.you})</span> : null}
      </th>
      <td>
        {/* Whoever takes the role from themselves cannot give it back. */}
        <select
          aria-label={`${t.role}: ${user.name}`}
          value={user.role}
          disabled={isSelf || isBusy}
          onChange={({ target }) => {
            const role = ROLES.find((each) => each === target.value);
            if (role !== undefined) onChange({ role });
          }}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t[role]}
            </option>
          ))}
        </select>
      </td>
      <td>
        <RecipientSelect
          label={`${t.recipient}: ${user.name}`}
          value={user.recipient}
          isDisabled={isBusy}
          onChange={(recipient) => onChange({ recipient })}
        />
      </td>
      <td>{t[user.origin]}</td>
      <td>
        <span className="row">
          {user.disabled ? t.disabled : t.active}
          {isSelf ? null : (
            <button
              type="button"
              className="button small"
              disabled={isBusy}
              onClick={() => onChange({ disabled: !user.disabled })}
            >
              {user.disabled ? t.enable : t.disable}
              <span className="visually-hidden"> {user.name}</span>
            </button>
          )}
        </span>
      </td>
      <td>
        {user.origin === 'oidc' ? (
          '–'
        ) : password === undefined ? (
          <button type="button" className="button small" onClick={() => setPassword('')}>
            {t.setPassword}
            <span className="visually-hidden"> {user.name}</span>
          </button>
        ) : (
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              onChange({ password });
              setPassword(undefined);
            }}
          >
            <label className="visually-hidden" htmlFor={`${id}password`}>
              {t.newPassword}: {user.name}
            </label>
            <input
              id={`${id}password`}
              type="password"
              autoComplete="new-password"
              minLength={12}
              maxLength={200}
              required
              value={password}
              placeholder={t.newPassword}
              onChange={({ target }) => setPassword(target.value)}
            />
            <button type="submit" className="button small" disabled={isBusy}>
              {t.change}
            </button>
          </form>
        )}
      </td>
    </tr>
  );
}

/** For whom an account acts, of those who work for the operator: what the plan's purposes give to that one is what it sees. */
function RecipientSelect({
  label,
  value,
  isDisabled = false,
  onChange,
}: {
  readonly label: string;
  readonly value: string | null;
  readonly isDisabled?: boolean;
  readonly onChange: (recipient: string | null) => void;
}) {
  const say = useSay();
  const t = useWords(words);
  const { recipients } = usePlan().governance;
  const others = recipients.filter(({ role }) => role === 'processor');
  // Of another site's plan, of a version that is no more in force, or of somebody outside, who sees nothing that was measured.
  const isUnknown = value !== null && !others.some(({ id }) => id === value);
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      disabled={isDisabled}
      onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
    >
      <option value="">{t.ofOperator}</option>
      {others.map(({ id, name }) => (
        <option key={id} value={id}>
          {say(name)}
        </option>
      ))}
      {isUnknown ? <option value={value}>{value}</option> : null}
    </select>
  );
}

const EMPTY = { name: '', password: '', role: 'viewer' as Role, recipient: null as string | null };

function NewUser() {
  const t = useWords(words);
  const id = useId();
  const cache = useQueryClient();
  const [user, setUser] = useState(EMPTY);
  const add = useMutation({
    mutationFn: () => send<User>('POST', '/users', { ...user, name: user.name.trim() }),
    onSuccess: () => {
      setUser(EMPTY);
      return cache.invalidateQueries({ queryKey: USERS });
    },
  });
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!add.isPending) add.mutate();
      }}
    >
      <h2>{t.newUser}</h2>
      {add.error === null ? null : <Fault error={add.error} />}
      <div className="people-fields">
        <span className="field">
          <label htmlFor={`${id}name`}>{t.name}</label>
          <input
            id={`${id}name`}
            required
            maxLength={100}
            autoComplete="off"
            value={user.name}
            onChange={({ target }) => setUser({ ...user, name: target.value })}
          />
        </span>
        <span className="field wide">
          <label htmlFor={`${id}password`}>{t.password}</label>
          <input
            id={`${id}password`}
            type="password"
            required
            minLength={12}
            maxLength={200}
            autoComplete="new-password"
            value={user.password}
            onChange={({ target }) => setUser({ ...user, password: target.value })}
          />
        </span>
        <span className="field">
          <label htmlFor={`${id}role`}>{t.role}</label>
          <select
            id={`${id}role`}
            value={user.role}
            onChange={({ target }) => {
              const role = ROLES.find((each) => each === target.value);
              if (role !== undefined) setUser({ ...user, role });
            }}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t[role]}
              </option>
            ))}
          </select>
        </span>
        <span className="field">
          <span>{t.recipient}</span>
          <RecipientSelect
            label={t.recipient}
            value={user.recipient}
            onChange={(recipient) => setUser({ ...user, recipient })}
          />
        </span>
        <button type="submit" className="button primary" disabled={add.isPending}>
          {t.newUser}
        </button>
      </div>
    </form>
  );
}
