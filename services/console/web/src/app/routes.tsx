import { createBrowserRouter } from 'react-router';
import type { RouteObject } from 'react-router';
import type { ComponentType } from 'react';
import { Door } from './Door.js';
import { NotFound, RouteFault } from './Fault.js';
import { SiteChooser } from './SiteChooser.js';
import { SiteLayout } from './SiteLayout.js';
import { Waiting } from '../shared/Waiting.js';

type ViewModule = { readonly default: ComponentType };

/** Every view is a chunk of its own: a file `<folder>/<Name>View.tsx` whose default export is the page. */
const views = import.meta.glob<ViewModule>('../*/*View.tsx');

function view(file: string): Pick<RouteObject, 'lazy'> {
  return {
    lazy: async () => {
      const load = views[`../${file}.tsx`];
      return { Component: load === undefined ? NotFound : (await load()).default };
    },
  };
}

export const router = createBrowserRouter([
  {
    path: '/',
    Component: Door,
    HydrateFallback: Waiting,
    ErrorBoundary: RouteFault,
    children: [
      { index: true, Component: SiteChooser },
      {
        path: 'sites/:site',
        Component: SiteLayout,
        children: [
          {
            ErrorBoundary: RouteFault,
            children: [
              { index: true, ...view('live/LiveView') },
              { path: 'areas', ...view('areas/AreasView') },
              { path: 'areas/:area', ...view('areas/AreaView') },
              { path: 'flows', ...view('flows/FlowsView') },
              { path: 'history', ...view('history/HistoryView') },
              { path: 'alerts', ...view('alerts/AlertsView') },
              { path: 'alerts/:alert', ...view('alerts/AlertsView') },
              { path: 'handover', ...view('alerts/HandoverView') },
              { path: 'system', ...view('system/SystemView') },
              { path: 'plan', ...view('editor/EditorView') },
              { path: 'reports', ...view('reports/ReportsView') },
              { path: 'calendar', ...view('people/CalendarView') },
              { path: 'inquiries', ...view('inquiries/InquiriesView') },
              { path: 'buyers', ...view('buyers/BuyersView') },
              { path: 'users', ...view('people/UsersView') },
              { path: 'audit', ...view('people/AuditView') },
              { path: '*', Component: NotFound },
            ],
          },
        ],
      },
      { path: '*', Component: NotFound },
    ],
  },
]);
